using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>A node's membership in the group, with a host that runs no shards.</summary>
internal sealed class Member : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KafkaEventLog _log;

    private Member(KafkaEventLog log, KafkaShardAssignment assignment)
    {
        _log = log;
        Running = assignment.RunAsync(Host, _stop.Token);
    }

    public RecordingHost Host { get; } = new();

    public Task Running { get; }

    public static KafkaGroupOptions Quick { get; } =
        new()
        {
            SessionTimeout = TimeSpan.FromSeconds(KafkaBroker.RealCluster is null ? 2 : 6),
            HandOverLimit = TimeSpan.FromSeconds(1),
            MirrorInterval = TimeSpan.FromMilliseconds(100),
        };

    public static async Task<Member> JoinAsync(KafkaBroker broker, string topic, KafkaGroupOptions? options = null)
    {
        KafkaLogOptions log = TestClients.Options(broker, topic);
        KafkaEventLog opened = await TestClients.OpenAsync(broker, log);
        return new(
            opened,
            new(
                TestClients.Of(broker),
                opened,
                log,
                options ?? Quick,
                TestClients.Instruments,
                TimeProvider.System,
                NullLogger<KafkaShardAssignment>.Instance
            )
        );
    }

    public async Task LeaveAsync()
    {
        await _stop.CancelAsync();
        await Running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ContinueWith(_ => { }, TaskScheduler.Default);
        _log.Dispose();
        _stop.Dispose();
    }
}
