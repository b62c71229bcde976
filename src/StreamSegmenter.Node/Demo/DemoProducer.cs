using System.Net;
using System.Text;

namespace StreamSegmenter.Node.Demo;

/// <summary>Sends events as a producer does: over HTTP, each repeated until it is accepted.</summary>
internal sealed class DemoProducer(Uri node, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node };

    /// <summary>Returns when the event is on stable storage.</summary>
    public async Task SendAsync(DemoEvent @event, CancellationToken cancellationToken)
    {
        string body = $$"""{"batch":[{{@event.Json}}]}""";
        while (true)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await _http.PostAsync(
                new Uri("/v1/batch", UriKind.Relative),
                content,
                cancellationToken
            );
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            {
                string text = await answer.Content.ReadAsStringAsync(cancellationToken);
                throw new HttpRequestException($"The ingest answered {(int)answer.StatusCode}: {text}");
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();
}
