using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// Posts to an incoming webhook. Webhooks know no idempotency key: a push whose outcome is
/// <see cref="DeliveryOutcome.Unknown"/> may show twice when it is tried again.
/// </summary>
internal sealed class SlackConnector : IConnector, IDisposable
{
    private readonly SlackOptions _options;
    private readonly TemplateSet _templates;
    private readonly HttpSender _sender;
    private readonly Uri _url;

    public SlackConnector(SlackOptions options, ConnectorServices services)
    {
        _options = options;
        _templates = services.Templates;
        _url = new Uri(options.Url.Reveal());
        var client = OutboundHttp.CreateClient(services.Resolve, allowPrivateAddresses: true, options.MaxConnections);
        _sender = new HttpSender(client, services.Time, options.Timeout, options.HiddenPath);
    }

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (
                !_templates.TryChoose(payload, _options.Template, out var template, out refusal)
                || !template.TryRender(TemplatePart.Chat, payload, out string? text, out refusal, cancellationToken)
            )
            {
                return refusal;
            }

            if (string.IsNullOrWhiteSpace(text))
            {
                return DeliveryResult.Rejected($"Template '{template.Name}' rendered no text.");
            }

            string? channel = payload.Option(PushKeys.Channel);
            var body = Write(text, channel ?? _options.Channel);
            var (answer, failure) = await _sender.PostAsync(_url, body, addHeaders: null, cancellationToken);
            return failure ?? SlackAnswers.Classify(answer!, channelOfPush: channel is not null);
        }
    }

    public void Dispose() => _sender.Dispose();

    private ReadOnlyMemory<byte> Write(string text, string? channel)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("text", ChatText.Cut(text, _options.MaxTextLength));
        if (!string.IsNullOrEmpty(channel))
        {
            json.WriteString("channel", channel);
        }

        if (!string.IsNullOrEmpty(_options.Username))
        {
            json.WriteString("username", _options.Username);
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
