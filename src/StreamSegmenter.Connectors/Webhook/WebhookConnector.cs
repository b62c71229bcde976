using System.Globalization;
using System.Net.Http.Headers;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Webhook;

/// <summary>
/// Posts the push's content as it is, with Standard Webhooks' headers. <c>webhook-id</c> is the push's id at every
/// attempt, by which the receiver recognises repetitions; <c>webhook-timestamp</c> is the attempt's.
/// </summary>
internal sealed class WebhookConnector : IConnector, IDisposable
{
    private readonly TimeProvider _time;
    private readonly HttpSender _sender;
    private readonly SigningKey[] _keys;
    private readonly Uri _url;

    public WebhookConnector(WebhookOptions options, ConnectorServices services)
    {
        _time = services.Time;
        _url = new Uri(options.Url.Reveal());
        _keys = [.. options.Secrets.Select(secret => SigningKey.Parse(secret))];
        var client = OutboundHttp.CreateClient(options, services.Resolve);
        _sender = new HttpSender(client, services.Time, options.Timeout, [.. options.Secrets, .. options.HiddenParts]);
    }

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        var (answer, failure) = await _sender.PostAsync(
            _url,
            push.Content,
            headers => Sign(headers, push),
            cancellationToken
        );
        return failure ?? answer!.ByStatus();
    }

    public void Dispose() => _sender.Dispose();

    private void Sign(HttpRequestHeaders headers, Push push)
    {
        long seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        var signatures = _keys.Select(key => key.Sign(push.Id.Value, seconds, push.Content.Span));
        headers.Add("webhook-id", push.Id.Value);
        headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        headers.Add("webhook-signature", string.Join(' ', signatures));
    }
}
