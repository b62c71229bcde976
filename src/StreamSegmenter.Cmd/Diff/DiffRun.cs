using StreamSegmenter.Cmd.Simulate;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Diff;

/// <summary>Both versions over one input, read once. Used once.</summary>
internal sealed class DiffRun(NodeConfiguration old, NodeConfiguration @new, Stream error)
{
    private readonly Replay _old = new(old);
    private readonly Replay _new = new(@new);
    private readonly DeadLetterWriter _deadLetters = new(error);
    private readonly int _maxLineBytes = Math.Max(old.Limits.MaxBytes, @new.Limits.MaxBytes);

    /// <summary>How many events at least one version took.</summary>
    public long Events { get; private set; }

    public Timestamp Now => Timestamp.Max(_old.Now, _new.Now);

    public bool AnyDeadLetters => _deadLetters.Any;

    public async Task<IReadOnlyList<SegmentDifference>> RunAsync(
        Stream events,
        Timestamp? until,
        CancellationToken stop
    )
    {
        await using var lines = await EventLines.OpenAsync(events, _maxLineBytes, stop);
        while (await lines.ReadAsync(stop))
        {
            while (lines.TryTake(out EventLine line))
            {
                Feed(line);
            }
        }

        _old.Finish(until);
        _new.Finish(until);
        _deadLetters.Flush();
        if (_old.EvictedEntries + _new.EvictedEntries is var evicted and > 0)
        {
            _deadLetters.Warn(
                $"{evicted} entries were given up because of shards.max-timeline-entries; results may be inexact"
            );
        }

        return SegmentDifference.Between(_old, _new);
    }

    private void Feed(in EventLine line)
    {
        var (byOld, byNew) = (_old.Feed(line), _new.Feed(line));
        if ((byOld ?? byNew) is { } rejection)
        {
            _deadLetters.Write(line, rejection);
        }

        Events += byOld is null || byNew is null ? 1 : 0;
    }
}
