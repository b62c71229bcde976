namespace StreamSegmenter.Oracle.Language;

/// <summary>One segment, loaded. <see cref="Held"/> lists its <c>for</c> conditions, inner ones first.</summary>
internal sealed record Segment(string Name, Node Rule)
{
    public IReadOnlyList<HeldFor> Held { get; } = [.. Rule.SelfAndDescendants.OfType<HeldFor>()];
}

/// <summary>All segments, those that others ask for first.</summary>
internal sealed class RuleSet
{
    private RuleSet(IReadOnlyList<Segment> segments) => Segments = segments;

    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>Parses, checks and orders the segments.</summary>
    /// <exception cref="OracleLoadException">A rule must be refused.</exception>
    public static RuleSet Load(IReadOnlyList<OracleSegment> segments)
    {
        var loaded = new Dictionary<string, Segment>(StringComparer.Ordinal);
        foreach (var segment in segments)
        {
            if (!loaded.TryAdd(segment.Name, Load(segment)))
            {
                throw new OracleLoadException(segment.Name, 1, 1, "there are two segments of this name");
            }
        }

        var ordered = new List<Segment>();
        foreach (var segment in loaded.Values)
        {
            Visit(segment, loaded, ordered, []);
        }

        return new(ordered);
    }

    private static Segment Load(OracleSegment segment)
    {
        try
        {
            var rule = Parser.Parse(segment.Rule);
            TypeCheck.Rule(rule);
            return new(segment.Name, rule);
        }
        catch (RuleError error)
        {
            throw new OracleLoadException(segment.Name, error.At.Line, error.At.Column, error.Message);
        }
    }

    private static void Visit(
        Segment segment,
        Dictionary<string, Segment> all,
        List<Segment> ordered,
        IReadOnlyList<string> waiting
    )
    {
        if (ordered.Contains(segment))
        {
            return;
        }

        IReadOnlyList<string> way = [.. waiting, segment.Name];
        foreach (var asked in segment.Rule.SelfAndDescendants.OfType<InSegment>())
        {
            if (!all.TryGetValue(asked.Segment, out var other))
            {
                throw Refused(asked, $"unknown segment '{asked.Segment}'");
            }

            if (way.Contains(asked.Segment, StringComparer.Ordinal))
            {
                throw Refused(asked, $"a cycle of segments: {string.Join(" → ", way)} → {asked.Segment}");
            }

            Visit(other, all, ordered, way);
        }

        ordered.Add(segment);

        OracleLoadException Refused(InSegment asked, string message) =>
            new(segment.Name, asked.At.Line, asked.At.Column, message);
    }
}
