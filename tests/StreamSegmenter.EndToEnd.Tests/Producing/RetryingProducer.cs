using System.Net;
using System.Text;

namespace StreamSegmenter.EndToEnd.Tests.Producing;

/// <summary>
/// Posts batches until it is told to stop, each of them until it is answered with 200; some even once more, as one
/// whose answer was lost.
/// </summary>
public sealed class RetryingProducer(Uri node, RandomEvents events, Random random)
{
    private const int MaxBatch = 8;
    private const int MaxPauseMilliseconds = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeRetry = TimeSpan.FromMilliseconds(40);

    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);

    /// <summary>The messageIds of every event that was answered with 200; read it after the end.</summary>
    public IReadOnlySet<string> Accepted => _accepted;

    /// <summary>How many batches were sent more than once.</summary>
    public int Retries { get; private set; }

    /// <param name="stop">No batch is begun after this.</param>
    /// <param name="abandon">The batch in hand is given up.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        using HttpClient http = new() { BaseAddress = node, Timeout = Patience };
        while (!stop.IsCancellationRequested)
        {
            ProducedEvent[] batch = [.. Enumerable.Range(0, random.Next(1, MaxBatch)).Select(_ => events.Next())];
            string body = $$"""{"batch":[{{string.Join(',', batch.Select(e => e.Json))}}]}""";
            int times = random.Next(20) == 0 ? 2 : 1;
            for (int i = 0; i < times; i++)
            {
                await SendAsync(http, body, abandon);
            }

            _accepted.UnionWith(batch.Select(e => e.MessageId));
            await Task.Delay(random.Next(MaxPauseMilliseconds), abandon);
        }
    }

    private async Task SendAsync(HttpClient http, string body, CancellationToken abandon)
    {
        while (!await IsAcceptedAsync(http, body))
        {
            Retries++;
            await Task.Delay(BeforeRetry, abandon);
        }
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient http, string body)
    {
        try
        {
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri("/v1/batch", UriKind.Relative), content);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => true,
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => false,
                _ => throw new InvalidOperationException($"The ingest answered {answer.StatusCode}."),
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
