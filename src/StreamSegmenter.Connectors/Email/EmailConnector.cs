using System.Globalization;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// Sends one message per push to the customer. SMTP has no idempotency key; the message id is derived from the push's
/// id, by which receivers may recognise a repetition.
/// </summary>
internal sealed class EmailConnector : IConnector, IAsyncDisposable
{
    private const int MaxSubjectLength = 255;

    private readonly EmailOptions _options;
    private readonly IMailTransport _transport;
    private readonly TemplateSet _templates;
    private readonly Mailbox _from;
    private readonly Mailbox? _replyTo;
    private readonly string _idDomain;

    public EmailConnector(EmailOptions options, IMailTransport transport, TemplateSet templates)
    {
        _options = options;
        _transport = transport;
        _templates = templates;
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
            return TryWrite(push, payload, out var mail, out refusal, cancellationToken)
                ? await _transport.SendAsync(mail!, cancellationToken)
                : refusal!;
        }
    }

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
        string? html = null;
        if (
            !TryReadRecipient(payload, out var recipient, out refusal)
            || !TryReadDate(payload, out var date, out refusal)
            || !_templates.TryChoose(payload, _options.Template, out var template, out refusal)
            || !template.TryRender(TemplatePart.Subject, payload, out string? subject, out refusal, cancellationToken)
            || !template.TryRender(TemplatePart.Text, payload, out string? text, out refusal, cancellationToken)
            || (
                template.Has(TemplatePart.Html)
                && !template.TryRender(TemplatePart.Html, payload, out html, out refusal, cancellationToken)
            )
        )
        {
            return false;
        }

        var message = new MailMessage(
            push.Id,
            _idDomain,
            _from,
            _replyTo,
            recipient,
            date,
            SingleLine.Cut(subject, MaxSubjectLength),
            text,
            html
        );
        mail = new Mail(_from.Address, recipient, message.ToBytes());
        return true;
    }

    private bool TryReadRecipient(PushPayload payload, out EmailAddress recipient, out DeliveryResult? refusal)
    {
        string? text = payload.Text(_options.Recipient);
        bool isRight = EmailAddress.TryParse(text, out recipient);
        refusal =
            isRight ? null
            : text is null ? DeliveryResult.Rejected($"The customer has no address: '{_options.Recipient}' is missing.")
            : DeliveryResult.Rejected($"'{_options.Recipient}' holds no address that mail can be sent to.");
        return isRight;
    }

    // The date is the transition's and not the attempt's, so that every attempt sends the same bytes.
    private static bool TryReadDate(PushPayload payload, out DateTimeOffset date, out DeliveryResult? refusal)
    {
        bool isRight = DateTimeOffset.TryParse(
            payload.Text($"{PushContent.Transition}.at"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out date
        );
        refusal = isRight ? null : DeliveryResult.Rejected("The push has no 'transition.at'.");
        return isRight;
    }
}
