using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>Runs no shards, but knows which it would; releases them as slowly as it is told to.</summary>
internal sealed class RecordingHost : IShardHost
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _owned = [];
    private readonly List<string> _calls = [];

    /// <summary>Completes when releasing may.</summary>
    public Task MayRelease { get; set; } = Task.CompletedTask;

    /// <summary>Where every shard stands.</summary>
    public long Position { get; set; }

    public int[] Owned
    {
        get
        {
            lock (_gate)
            {
                return [.. _owned.Order()];
            }
        }
    }

    public string[] Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public void Take(IReadOnlyCollection<ShardId> shards) => Note("take", shards, _owned.UnionWith);

    public async Task ReleaseAsync(IReadOnlyCollection<ShardId> shards)
    {
        Note("release", shards, _owned.ExceptWith);
        await MayRelease;
    }

    public LogPosition? CommittedPosition(ShardId shard) => new(Position);

    private void Note(string what, IReadOnlyCollection<ShardId> shards, Action<IEnumerable<int>> change)
    {
        lock (_gate)
        {
            if (shards.Count > 0)
            {
                _calls.Add($"{what} {string.Join(' ', shards.Select(shard => shard.Value).Order())}");
                change(shards.Select(shard => shard.Value));
            }
        }
    }
}
