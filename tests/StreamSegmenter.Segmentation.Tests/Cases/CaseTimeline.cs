using StreamSegmenter.Oracle;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>
/// An expected timeline, such as <c>+4s -10s(time); t: +3s; @bob: never</c>: who enters and leaves which segment when.
/// Without names it is customer c and segment s. Segments that are not named are not looked at.
/// </summary>
internal sealed class CaseTimeline
{
    private readonly List<Part> _parts = [];
    private readonly bool _inFull;

    private CaseTimeline(string text)
    {
        _inFull = CaseTime.IsInFull(text);
        foreach (string part in text.Split("; "))
        {
            _parts.Add(Part.Parse(part));
        }

        Last = _parts.SelectMany(static part => part.Moves).Select(static move => move.At).Append(CaseTime.Base).Max();
    }

    public DateTimeOffset Last { get; }

    public static CaseTimeline Parse(string text) => new(text);

    /// <summary>The expectation, then what the transitions are, both written alike.</summary>
    public (string Expected, string Actual) Compare(IReadOnlyList<OracleTransition> transitions)
    {
        var segments = _parts.Select(static part => part.Segment).ToHashSet(StringComparer.Ordinal);
        var found = transitions
            .Where(transition => segments.Contains(transition.Segment))
            .ToLookup(static transition => (transition.Customer, transition.Segment));
        var unexpected = found
            .Select(static group => group.Key)
            .Except(_parts.Select(static part => (part.Customer, part.Segment)))
            .Select(static key => new Part(key.Customer, key.Segment, []));
        List<Part> all = [.. _parts, .. unexpected];
        return (
            string.Join("; ", all.Select(part => Write(part, part.Moves))),
            string.Join("; ", all.Select(part => Write(part, Moves(part, [.. found[(part.Customer, part.Segment)]]))))
        );
    }

    /// <summary>A cause is told only where it was asked for.</summary>
    private static IReadOnlyList<Move> Moves(Part part, IReadOnlyList<OracleTransition> transitions) =>
        [
            .. transitions.Select(
                (transition, i) =>
                    new Move(
                        transition.Entered,
                        DateTimeOffset.FromUnixTimeMilliseconds(transition.At),
                        i < part.Moves.Count && part.Moves[i].Cause is null ? null : transition.Cause
                    )
            ),
        ];

    private string Write(Part part, IReadOnlyList<Move> moves)
    {
        IEnumerable<string> words = moves.Count == 0 ? ["never"] : moves.Select(move => move.Write(_inFull));
        return $"@{part.Customer} {part.Segment}: {string.Join(' ', words)}";
    }

    private sealed record Move(bool Entered, DateTimeOffset At, string? Cause)
    {
        public static Move Parse(string word)
        {
            string[] pieces = word.TrimEnd(')').Split('(');
            return new(word[0] == '+', CaseTime.Parse(pieces[0][1..]), pieces.ElementAtOrDefault(1));
        }

        public string Write(bool inFull) =>
            $"{(Entered ? '+' : '-')}{CaseTime.Format(At, inFull)}{(Cause is null ? "" : $"({Cause})")}";
    }

    private sealed record Part(string Customer, string Segment, IReadOnlyList<Move> Moves)
    {
        public static Part Parse(string text)
        {
            string[] words = text.Split(' ');
            string customer = "c";
            string segment = "s";
            var moves = new List<Move>();
            foreach (string word in words)
            {
                if (word[0] == '@')
                {
                    customer = word[1..].TrimEnd(':');
                }
                else if (word[0] is '+' or '-')
                {
                    moves.Add(Move.Parse(word));
                }
                else if (word[^1] == ':')
                {
                    segment = word[..^1];
                }
                else if (word is not "never")
                {
                    throw new FormatException($"'{word}' is neither a time such as +4s nor 'never': {text}");
                }
            }

            return new(customer, segment, moves);
        }
    }
}
