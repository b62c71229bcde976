using System.Text.Json;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.SendGrid;

/// <summary>
/// Hands one message per push to a mail provider. Its API knows no idempotency key; the push's id goes along as the
/// custom argument <c>push_id</c>, by which the provider's events can be matched.
/// </summary>
internal sealed class SendGridConnector : IConnector, IDisposable
{
    private readonly SendGridOptions _options;
    private readonly MailComposer _composer;
    private readonly HttpSender _sender;
    private readonly Uri _url;
    private readonly Mailbox _from;
    private readonly Mailbox? _replyTo;

    public SendGridConnector(SendGridOptions options, ConnectorServices services)
    {
        _options = options;
        _url = new Uri(options.Url.Reveal());
        _from = Mailbox.TryParse(options.From, out var from) ? from : default;
        _replyTo = Mailbox.TryParse(options.ReplyTo, out var replyTo) ? replyTo : null;
        var link = UnsubscribeLink.Compile(options.UnsubscribeUrl, services.Templates, "", new OptionErrors(""));
        _composer = new MailComposer(
            services.Templates,
            options.Template,
            options.Recipient,
            link,
            MailSubscription.Of(options, services)
        );
        var client = OutboundHttp.CreateClient(options, services.Resolve);
        _sender = new HttpSender(client, services.Time, options.Timeout, [options.ApiKey, .. options.HiddenParts]);
    }

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (!_composer.TryCompose(push, payload, out var mail, out refusal, cancellationToken))
            {
                return refusal;
            }

            var (answer, failure) = await _sender.PostAsync(
                _url,
                JsonBody.Write(json => Write(json, push, mail)),
                headers => headers.Authorization = HttpLogin.Bearer(_options.ApiKey),
                cancellationToken
            );
            return failure ?? Classify(answer!);
        }
    }

    public void Dispose() => _sender.Dispose();

    // Taken is 202 without a body; a page with 200 is somebody else's, and JSON that says no is no yes.
    private static DeliveryResult Classify(HttpAnswer answer)
    {
        using var json = answer.TryParse();
        bool isStrange =
            answer.IsSuccess && answer.Body.Length > 0 && (json is null || HttpAnswer.Denies(json.RootElement));
        return isStrange ? answer.As(DeliveryOutcome.Unknown) : answer.ByStatusWithoutKey();
    }

    private void Write(Utf8JsonWriter json, Push push, MailContent mail)
    {
        json.WriteStartArray("personalizations");
        json.WriteStartObject();
        json.WriteStartArray("to");
        json.WriteStartObject();
        json.WriteString("email", mail.To.ToString());
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("custom_args");
        json.WriteString("push_id", push.Id.Value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteMailbox(json, "from", _from);
        if (_replyTo is { } replyTo)
        {
            WriteMailbox(json, "reply_to", replyTo);
        }

        json.WriteString("subject", mail.Subject);
        json.WriteStartArray("content");
        WriteContent(json, "text/plain", mail.Text);
        WriteContent(json, "text/html", mail.Html);
        json.WriteEndArray();
        if (mail.Unsubscribe is not null)
        {
            json.WriteStartObject("headers");
            json.WriteString(UnsubscribeLink.Header, mail.Unsubscribe);
            json.WriteString(UnsubscribeLink.PostHeader, UnsubscribeLink.OneClick);
            json.WriteEndObject();
        }
    }

    private static void WriteMailbox(Utf8JsonWriter json, string name, Mailbox mailbox)
    {
        json.WriteStartObject(name);
        json.WriteString("email", mailbox.Address.ToString());
        json.WriteOptional("name", mailbox.Name);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string type, string? value)
    {
        if (value is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("value", value);
            json.WriteEndObject();
        }
    }
}
