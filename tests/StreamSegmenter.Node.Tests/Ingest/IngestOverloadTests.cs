using System.Net;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class IngestOverloadTests
{
    private const string Event = """{"userId":"u"}""";
    private const string Mixed = """{"batch":[{"type":"page","userId":"u"},{"type":"page"}]}""";

    [Fact]
    public async Task A_busy_log_asks_producers_to_come_back()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { RetryAfter = TimeSpan.FromSeconds(2.5) });
        host.Log.Failure = new LogBusyException("full");
        using var response = await host.PostAsync("/v1/batch", Mixed);
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(3));
        host.DeadLetters.Letters.ShouldBeEmpty("the producer sends all of it again");
    }

    [Fact]
    public async Task An_engine_that_is_behind_asks_producers_to_come_back()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        host.Backpressure.RetryAfter = TimeSpan.FromSeconds(7);
        using var busy = await host.PostAsync("/v1/page", Event);
        busy.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        busy.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        host.Backpressure.RetryAfter = null;
        using var response = await host.PostAsync("/v1/page", Event);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_store_that_fails_is_no_reason_for_producers_to_drop_events()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        host.DeadLetters.Failure = new IOException("disk full");
        using var letters = await host.PostAsync("/v1/batch", Mixed);
        letters.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        letters.Headers.RetryAfter.ShouldNotBeNull();
        host.Log.Failure = new IOException("disk full");
        using var log = await host.PostAsync("/v1/page", Event);
        log.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await log.JsonAsync()).GetProperty("success").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_log_that_does_not_answer_is_not_waited_for_for_ever()
    {
        await using IngestHost host = await IngestHost.StartAsync(
            new() { AppendTimeout = TimeSpan.FromMilliseconds(100) }
        );
        host.Log.Gate = new TaskCompletionSource().Task;
        using var response = await host.PostAsync("/v1/page", Event);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_node_that_shuts_down_sends_producers_elsewhere()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        host.BeginShutdown();
        using var response = await host.PostAsync("/v1/page", Event);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.ConnectionClose.ShouldBe(true);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_turned_away_and_the_others_are_served()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { MaxConcurrentRequests = 2 });
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Log.Gate = stored.Task;
        List<Task<HttpResponseMessage>> answers =
        [
            .. Enumerable.Range(0, 10).Select(_ => host.PostAsync("/v1/page", Event)),
        ];
        for (int turnedAway = 0; turnedAway < 8; turnedAway++)
        {
            Task<HttpResponseMessage> answer = await Task.WhenAny(answers);
            answers.Remove(answer);
            using HttpResponseMessage response = await answer;
            response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        stored.SetResult();
        foreach (HttpResponseMessage response in await Task.WhenAll(answers))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Dispose();
        }

        host.Log.Records.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Buffers_of_requests_that_run_at_once_do_not_mix()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        await Parallel.ForAsync(
            0,
            400,
            async (i, _) =>
            {
                string filler = new((char)('a' + (i % 26)), i * 7);
                string ids = $"\"userId\":\"u{i}\",\"messageId\":\"m{i}\"";
                string one = $$$"""{"type":"page",{{{ids}}},"properties":{"f":"{{{filler}}}"}}""";
                using var response = await host.PostAsync("/v1/batch", $$"""{"batch":[{{one}},{{i}}]}""");
                (await response.CountsAsync()).ShouldBe((1, 1));
            }
        );
        host.Log.Records.Count.ShouldBe(400);
        foreach ((var customer, string payload) in host.Log.Records)
        {
            int i = int.Parse(customer.Value[1..], null);
            string filler = new((char)('a' + (i % 26)), i * 7);
            payload.ShouldEndWith(
                $$$""","type":"page","userId":"u{{{i}}}","messageId":"m{{{i}}}","properties":{"f":"{{{filler}}}"}}"""
            );
        }
    }
}
