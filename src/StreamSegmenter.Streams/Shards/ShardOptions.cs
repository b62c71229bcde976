using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Shards;

/// <summary>How a shard works through its log. Checked as a whole by <see cref="Validate"/>.</summary>
public sealed record ShardOptions
{
    /// <summary>The most records read and applied at once.</summary>
    public int BatchRecords { get; init; } = 1000;

    /// <summary>
    /// How long effects gather, while the shard lags, before they are committed; up to ten times that while it lags by
    /// minutes, see <see cref="EffectCommitter.Patience"/>. At the end of the log they are committed at once.
    /// </summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often changed customers are written. It bounds how much log a restart replays.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A checkpoint starts earlier when this many customers have changed.</summary>
    public int CheckpointCustomers { get; init; } = 50_000;

    /// <summary>The longest a caught-up shard sleeps: how late it may notice that somebody became due.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Customers kept unpacked for work, per shard.</summary>
    public int HotCustomers { get; init; } = 1_000;

    /// <summary>Customers kept in memory, per shard; the others are loaded when needed.</summary>
    public int ResidentCustomers { get; init; } = 1_000_000;

    /// <summary>Entries that one source of one customer keeps; beyond that the oldest go, and are counted.</summary>
    public int MaxTimelineEntries { get; init; } = 100_000;

    /// <summary>
    /// Producers are asked to hold back while the shards together are this many records behind the log.
    /// </summary>
    public long MaxLag { get; init; } = 1_000_000;

    /// <summary>
    /// How long a shard that a passing trouble has stopped waits before it is taken over again; doubles with each
    /// failure that follows at once, up to <see cref="RestartMax"/>.
    /// </summary>
    public TimeSpan RestartMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait.</summary>
    public TimeSpan RestartMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(BatchRecords >= 1, $"batch-records = {BatchRecords}: give 1 or more");
        Check(
            CommitInterval >= TimeSpan.Zero,
            $"commit-interval = {CommitInterval.ToText()}: give 0 or a duration above it"
        );
        Check(
            CheckpointInterval > TimeSpan.Zero,
            $"checkpoint-interval = {CheckpointInterval.ToText()}: give a duration above 0"
        );
        Check(CheckpointCustomers >= 1, $"checkpoint-customers = {CheckpointCustomers}: give 1 or more");
        Check(
            TickInterval >= TimeSpan.FromMilliseconds(1),
            $"tick-interval = {TickInterval.ToText()}: give a duration of 1ms or more"
        );
        Check(HotCustomers >= 1, $"hot-customers = {HotCustomers}: give 1 or more");
        Check(
            ResidentCustomers >= HotCustomers,
            $"resident-customers = {ResidentCustomers}: give at least hot-customers = {HotCustomers}"
        );
        Check(MaxTimelineEntries >= 1, $"max-timeline-entries = {MaxTimelineEntries}: give 1 or more");
        Check(MaxLag >= 1, $"max-lag = {MaxLag}: give 1 or more");
        Check(RestartMin > TimeSpan.Zero, $"restart-min = {RestartMin.ToText()}: give a duration above 0");
        Check(
            RestartMax >= RestartMin,
            $"restart-max = {RestartMax.ToText()}: give at least restart-min = {RestartMin.ToText()}"
        );
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
