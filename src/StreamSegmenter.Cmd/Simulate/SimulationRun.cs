using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>One run of the engine over one input. Used once.</summary>
internal sealed class SimulationRun : IDisposable
{
    private readonly Simulation _simulation;
    private readonly TransitionWriter _transitions;
    private readonly DeadLetterWriter _deadLetters;
    private readonly int _maxLineBytes;
    private long _evictedEntries;

    public SimulationRun(NodeConfiguration configuration, Stream output, Stream error)
    {
        _transitions = new(output);
        _deadLetters = new(error);
        _maxLineBytes = configuration.Limits.MaxBytes;
        _simulation = new(configuration.Rules, configuration.ShardLimits, _transitions.Write);
    }

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(Stream events, Timestamp? until, CancellationToken stop)
    {
        await using var lines = await EventLines.OpenAsync(events, _maxLineBytes, stop);
        while (await lines.ReadAsync(stop))
        {
            while (lines.TryTake(out EventLine line))
            {
                Feed(line);
            }

            // Whoever feeds events by hand sees what they do before the next ones come.
            Flush();
        }

        _simulation.Finish(until);
        Flush();
        if (_evictedEntries > 0)
        {
            _deadLetters.Warn(
                $"{_evictedEntries} entries were given up because of shards.max-timeline-entries; "
                    + "results may be inexact"
            );
        }

        return _deadLetters.Any ? ExitCodes.DeadLetters : ExitCodes.Success;
    }

    public void Dispose() => _transitions.Dispose();

    private void Flush()
    {
        _transitions.Flush();
        _deadLetters.Flush();
    }

    private void Feed(in EventLine line)
    {
        if (line.Length > _maxLineBytes)
        {
            var detail = $"the line has {line.Length} bytes; limits.max-bytes allows {_maxLineBytes}";
            _deadLetters.Write(line, new(RejectReason.TooLarge, detail));
            return;
        }

        var result = _simulation.Feed(line.Text);
        _evictedEntries += result.EvictedEntries;
        if (result.Outcome == ApplyOutcome.Rejected)
        {
            _deadLetters.Write(line, result.Rejection);
        }
    }
}
