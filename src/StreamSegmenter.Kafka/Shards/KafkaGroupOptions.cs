using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Shards;

/// <summary>
/// How nodes share the shards among them, as members of the log's consumer group. Checked as a whole by
/// <see cref="Validate"/>.
/// </summary>
public sealed record KafkaGroupOptions
{
    /// <summary>
    /// A name of this node that outlives restarts and that no other node has: a node that is back within
    /// <see cref="SessionTimeout"/> then gets its shards again without a rebalance. Default: null, none.
    /// </summary>
    public string? InstanceId { get; init; }

    /// <summary>A node that is silent for so long loses its shards to the others.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a shard that goes to another node may take to write a last checkpoint. Without it the next owner
    /// replays a little more; nothing is lost.
    /// </summary>
    public TimeSpan HandOverLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often positions are mirrored to Kafka, for tools that show lag; nothing reads them back.</summary>
    public TimeSpan MirrorInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(InstanceId is not "", "instance-id is empty: name this node, or leave the key out");
        Check(
            SessionTimeout >= TimeSpan.FromSeconds(1),
            $"session-timeout = {SessionTimeout.ToText()}: give a duration of 1s or more"
        );
        Check(
            HandOverLimit >= TimeSpan.Zero && HandOverLimit <= TimeSpan.FromMinutes(1),
            $"hand-over-limit = {HandOverLimit.ToText()}: give a duration of 1m or less"
        );
        Check(MirrorInterval > TimeSpan.Zero, $"mirror-interval = {MirrorInterval.ToText()}: give a duration above 0");
        return errors;

        void Check(bool valid, string error)
        {
            if (!valid)
            {
                errors.Add(error);
            }
        }
    }
}
