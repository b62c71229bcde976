using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Cli;

/// <summary>Logs what an operator must know. What happens all the time is for metrics, not for the log.</summary>
internal sealed partial class NodeObserver(ILogger<NodeObserver> logger) : IShardObserver, IDeliveryObserver
{
    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

    public void Stopped(ShardId shard, Exception? error)
    {
        if (error is not null)
        {
            LogStopped(logger, shard.Value, error);
        }
    }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause) =>
        LogWillRestart(logger, shard.Value, pause.ToText(), error);

    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

    public void PushFinished(Push push, OutboxUpdate end)
    {
        switch (end)
        {
            case OutboxUpdate.Dead dead:
                LogDead(logger, push.Id.Value, push.Connector.Value, dead.Attempts, dead.Reason);
                break;
            case OutboxUpdate.Unknown lost:
                LogDoubtful(logger, push.Id.Value, push.Connector.Value, lost.Attempts, lost.Reason);
                break;
            case OutboxUpdate.Held held:
                LogDoubtful(logger, push.Id.Value, push.Connector.Value, held.Attempts, held.Reason);
                break;
        }
    }

    [LoggerMessage(
        1001,
        LogLevel.Critical,
        "Shard {Shard} stopped for good. Once the cause is removed, a restart of the node continues where the last "
            + "commit stands"
    )]
    private static partial void LogStopped(ILogger logger, int shard, Exception error);

    [LoggerMessage(1003, LogLevel.Warning, "Shard {Shard} goes on in {Pause} where the last commit stands")]
    private static partial void LogWillRestart(ILogger logger, int shard, string pause, Exception error);

    [LoggerMessage(1002, LogLevel.Warning, "Push {Push} to {Connector} given up after {Attempts} attempts: {Reason}")]
    private static partial void LogDead(ILogger logger, string push, string connector, int attempts, string reason);

    [LoggerMessage(
        1004,
        LogLevel.Warning,
        "Nobody knows whether push {Push} to {Connector} was taken, after {Attempts} attempts: {Reason}. It is not "
            + "sent again before an operator says so: see segctl pushes"
    )]
    private static partial void LogDoubtful(ILogger logger, string push, string connector, int attempts, string reason);
}
