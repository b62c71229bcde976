using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>
/// Writes what became of the cases: a line for each, and for a failed one both timelines in one, where <c>-</c> was
/// expected and did not happen and <c>+</c> happened and was not expected.
/// </summary>
internal sealed class CaseReport(TextWriter output)
{
    private int _passed;
    private int _failed;

    public bool AllPassed => _failed == 0;

    public void WriteFile(CaseFile file) => output.WriteLine(file.Path);

    public void Write(CaseOutcome outcome)
    {
        if (outcome.Passed)
        {
            _passed++;
            output.WriteLine($"  ok    {outcome.Case.Name}");
            return;
        }

        _failed++;
        output.WriteLine($"  FAIL  {outcome.Case.Name} ({outcome.Case.Place})");
        foreach (var (e, reason) in outcome.Refused)
        {
            output.WriteLine($"        {e.Place}: the event was not taken: {reason}");
        }

        foreach (var timeline in outcome.Timelines.Where(static timeline => !timeline.Agrees))
        {
            output.WriteLine($"        {timeline.Of.Customer} in {timeline.Of.Segment}:");
            foreach (var move in timeline.Moves)
            {
                Write(outcome.Case.Clock, move);
            }
        }

        foreach (var (of, at, isMember) in outcome.WrongMemberships)
        {
            var expected = isMember ? "must be in, is not" : "must not be in, is";
            output.WriteLine(
                $"        {of.Customer} in {of.Segment} at {outcome.Case.Clock.WriteShort(at)}: {expected}"
            );
        }
    }

    public void WriteSum()
    {
        var failed = _failed == 0 ? "" : $", {_failed} failed (- expected, + happened instead)";
        output.WriteLine();
        var cases = _passed + _failed == 1 ? "1 case" : $"{_passed + _failed} cases";
        output.WriteLine($"{cases}: {_passed} passed{failed}");
    }

    private void Write(CaseClock clock, ComparedMove move)
    {
        if (move.Agrees)
        {
            WriteActual(clock, ' ', move.Actual!);
            return;
        }

        if (move.Expected is { } expected)
        {
            WriteExpected(clock, expected);
        }

        if (move.Actual is { } actual)
        {
            WriteActual(clock, '+', actual);
        }
    }

    private void WriteExpected(CaseClock clock, ExpectedMove move) =>
        WriteMove(clock, '-', move.Kind, move.At, move.Cause, move.Sends);

    private void WriteActual(CaseClock clock, char mark, ActualMove move)
    {
        var transition = move.Transition;
        WriteMove(clock, mark, transition.Kind, transition.At, transition.Cause, move.Sends);
    }

    private void WriteMove(
        CaseClock clock,
        char mark,
        TransitionKind kind,
        Segmentation.Events.Timestamp at,
        TransitionCause? cause,
        IReadOnlyList<string>? sends
    )
    {
        var verb = kind == TransitionKind.Entered ? "enters" : "leaves";
        var by = cause is { } known ? $"  by {known.Word()}" : "";
        var pushes = sends switch
        {
            null => "",
            [] => ", sends nothing",
            _ => $", sends {string.Join(", ", sends)}",
        };
        output.WriteLine($"          {mark} {verb} {clock.Write(at)}{by}{pushes}");
    }
}
