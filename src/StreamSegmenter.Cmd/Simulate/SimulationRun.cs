using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>One run of the engine over one input. Used once.</summary>
internal sealed class SimulationRun : IDisposable
{
    private readonly Simulation _simulation;
    private readonly Stream _output;
    private readonly ExplainRequest? _explain;
    private readonly TransitionWriter _transitions;
    private readonly DeadLetterWriter _deadLetters;
    private readonly int _maxLineBytes;
    private long _evictedEntries;

    /// <param name="explain">What to print instead of transitions; null for the transitions.</param>
    public SimulationRun(NodeConfiguration configuration, SegctlStreams streams, ExplainRequest? explain)
    {
        _output = streams.Output;
        _explain = explain;
        _transitions = new(streams.Output);
        _deadLetters = new(streams.Error);
        _maxLineBytes = configuration.Limits.MaxBytes;
        Action<Transition> onTransition = explain is null ? _transitions.Write : static _ => { };
        _simulation = new(configuration.Rules, configuration.ShardLimits, onTransition)
        {
            End = explain?.At ?? Timestamp.Never,
        };
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

        _simulation.Finish(_explain?.At ?? until);
        Flush();
        if (_explain is not null)
        {
            Explain(_explain);
        }

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

    private void Explain(ExplainRequest request)
    {
        using var text = new StreamWriter(_output, leaveOpen: true);
        if (_simulation.Explain(request.Customer, request.Segment) is { } explanation)
        {
            ExplanationWriter.Write(text, explanation);
        }
        else
        {
            text.WriteLine($"{request.Customer} is not known at {_simulation.Now}: no event came from it until then");
        }
    }

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
