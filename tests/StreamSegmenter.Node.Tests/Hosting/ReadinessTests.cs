using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Tests.Configuration;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.InMemory;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Hosting;

/// <summary>When <c>/healthz/ready</c> says so, over shards whose log lets them go on when the test does.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private const int Partitions = 2;
    private const int Records = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InMemoryEventLog _memory = new(Partitions, TimeProvider.System);
    private readonly GatedLog _log;
    private readonly HttpClient _http = new();
    private readonly ShardGroup _shards;
    private readonly WebApplication _web;

    public ReadinessTests()
    {
        _log = new(_memory, TimeProvider.System);
        NodeConfiguration configuration = Loading.Loaded("segments.seen.rule = \"exists(any)\"");
        NodeSettings settings = NodeSettingsFactory.Create(
            configuration,
            TimeProvider.System,
            TextWriter.Null,
            NullLoggerFactory.Instance
        );
        InMemoryStateStore store = new();
        _shards = new(
            settings,
            new(_log, store, store, store, store, new OutboxSignal(), new Nobody(), TimeProvider.System),
            new Nobody(),
            "me"
        );
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        HealthEndpoints.Map(_web, _shards);
    }

    public async Task InitializeAsync()
    {
        await _memory.AppendAsync([.. Enumerable.Range(0, Records).Select(Visit)], default);
        await _web.StartAsync();
        _http.BaseAddress = new(_web.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        await _shards.DisposeAsync();
        await _web.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task A_node_is_ready_when_its_shards_have_caught_up_with_what_the_log_held_at_the_start()
    {
        long[] ends = [await EndOfAsync(0), await EndOfAsync(1)];
        _log.Allow(0, 3);
        _shards.Start(new WholeAssignment(Partitions));

        await AnswersAsync(503, Behind((0, ends[0] - 3), (1, ends[1])));

        _log.Allow(0, ends[0]);
        await AnswersAsync(503, Behind((1, ends[1])));

        // What comes after the start does not move the goal.
        await _memory.AppendAsync([.. Enumerable.Range(Records, Records).Select(Visit)], default);
        await AnswersAsync(503, Behind((1, ends[1])));

        _log.Allow(1, ends[1]);
        await AnswersAsync(200, """{"ready":true,"behind":""");
        (await _http.GetStringAsync(new Uri("/healthz/live", UriKind.Relative))).ShouldBe("alive\n");
    }

    [Fact]
    public async Task A_shard_that_has_stopped_makes_the_node_unready()
    {
        _log.Allow(0, Records);
        _log.Allow(1, Records);
        _shards.Start(new WholeAssignment(Partitions));
        await AnswersAsync(200, """{"ready":true,"behind":""");

        _log.Break(new InvalidDataException("the log is not what it was"));

        await AnswersAsync(503, """{"ready":false,"error":"a shard has stopped; see the log"}""");
    }

    [Fact]
    public async Task A_trouble_that_passes_makes_the_node_unready_until_it_has_passed()
    {
        _log.Allow(0, Records);
        _log.Allow(1, Records);
        _shards.Start(new WholeAssignment(Partitions));
        await AnswersAsync(200, """{"ready":true,"behind":""");

        _log.Break(new IOException("the disk is away"));
        await AnswersAsync(503, """{"ready":false,"shards":[{"shard":0,"state":"being taken over","behind":0}""");

        _log.Break(null);
        await AnswersAsync(200, """{"ready":true,"behind":""");
    }

    private static string Behind(params (int Shard, long Records)[] lags)
    {
        var shards = lags.Select(lag => $$"""{"shard":{{lag.Shard}},"state":"catching up","behind":{{lag.Records}}}""");
        return $$"""{"ready":false,"shards":[{{string.Join(',', shards)}}]}""";
    }

    private static NewRecord Visit(int i) =>
        new(
            new($"u{i}"),
            Encoding.UTF8.GetBytes($$"""{"type":"track","event":"visit","userId":"u{{i}}","messageId":"m{{i}}"}""")
        );

    private async Task<long> EndOfAsync(int partition) =>
        (await _memory.GetRangeAsync(new(partition), default)).End.Value;

    /// <summary>Asks until the answer is as expected, or begins with it.</summary>
    private async Task AnswersAsync(int status, string expected)
    {
        using var late = new CancellationTokenSource(Patience);
        string found;
        do
        {
            late.IsCancellationRequested.ShouldBeFalse();
            using var answer = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), late.Token);
            found = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(late.Token)}";
        } while (!found.StartsWith($"{status} {expected}", StringComparison.Ordinal));
    }

    /// <summary>A log that can be read only as far as the test allows.</summary>
    private sealed class Nobody : IShardObserver, IShardCompanion
    {
        public void Begin(ShardId shard) { }

        public void CaughtUp(ShardId shard) { }

        public Task EndAsync(ShardId shard) => Task.CompletedTask;

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) { }

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }
    }
}
