using System.Globalization;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// Sends one message per push to the customer. SMTP has no idempotency key; the message id is derived from the push's
/// id, by which receivers may recognise a repetition.
/// </summary>
internal sealed class EmailConnector : IConnector, IAsyncDisposable
{
    private readonly IMailTransport _transport;
    private readonly MailComposer _composer;
    private readonly ConnectorPolicy _policy;
    private readonly Mailbox _from;
    private readonly Mailbox? _replyTo;
    private readonly string _idDomain;

    public EmailConnector(EmailOptions options, IMailTransport transport, ConnectorServices services)
    {
        _transport = transport;
        _policy = options.PolicyOver(new());
        var templates = services.Templates;
        var link = UnsubscribeLink.Compile(options.UnsubscribeUrl, templates, "", new OptionErrors(""));
        _composer = new MailComposer(
            templates,
            options.Template,
            options.Recipient,
            link,
            MailSubscription.Of(options, services)
        );
        _from = Mailbox.TryParse(options.From, out var from) ? from : default;
        _replyTo = Mailbox.TryParse(options.ReplyTo, out var replyTo) ? replyTo : null;
        _idDomain = options.MessageIdDomain ?? _from.Address.Domain;
    }

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (!TryWrite(push, payload, out var mail, out refusal, cancellationToken))
            {
                return refusal!;
            }

            var result = await _transport.SendAsync(mail!, cancellationToken);
            return result.AtFault is null ? result : result with { AtFault = AddressIn(payload, result.AtFault) };
        }
    }

    // As the policy will read it from the next push, rather than as the server was told it.
    private Suppression AddressIn(PushPayload payload, Suppression told) =>
        Suppression.Of(_policy.Channel, payload.Text(_policy.Address ?? "") ?? told.Address);

    public ValueTask DisposeAsync() => _transport is IAsyncDisposable owned ? owned.DisposeAsync() : default;

    private bool TryWrite(
        Push push,
        PushPayload payload,
        out Mail? mail,
        out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        mail = null;
        if (
            !TryReadDate(push, payload, out var date, out refusal)
            || !_composer.TryCompose(push, payload, out var content, out refusal, cancellationToken)
        )
        {
            return false;
        }

        var message = new MailMessage(push.Id, _idDomain, _from, _replyTo, date, content);
        mail = new Mail(_from.Address, content.To, message.ToBytes());
        return true;
    }

    // RFC 5322, 3.6.1: when the message was complete and ready to enter the mail system. That is not when the attempt
    // is made, so every attempt sends the same bytes. A push from no outbox is ready with its transition.
    private static bool TryReadDate(
        Push push,
        PushPayload payload,
        out DateTimeOffset date,
        out DeliveryResult? refusal
    )
    {
        refusal = null;
        if (push.ReadyAt is { } ready)
        {
            date = ready.ToDateTimeOffset();
            return true;
        }

        bool isRight = DateTimeOffset.TryParse(
            payload.Text($"{PushContent.Transition}.at"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out date
        );
        refusal = isRight ? null : DeliveryResult.Unsendable("The push has no 'transition.at'.");
        return isRight;
    }
}
