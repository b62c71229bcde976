namespace StreamSegmenter.Oracle.Cases;

/// <summary>A random rule whose types fit.</summary>
internal sealed class RandomRule
{
    private readonly RandomText _text;
    private readonly RandomSource _sources;
    private readonly RandomAmount _amounts;
    private readonly IReadOnlyList<string> _segments;
    private readonly bool _full;

    public RandomRule(Random random, CaseLevel level, CaseDurations durations, IReadOnlyList<string> segments)
    {
        _text = new(random, durations);
        _full = level == CaseLevel.Full;
        _sources = new(_text, _full);
        _amounts = new(_text, _sources, _full);
        _segments = segments;
    }

    /// <summary>A sequence often stands alone: among other conditions its edges seldom show.</summary>
    public string Create() =>
        _full && _text.Next(4) == 0 ? RandomSequence.Create(_text, _sources) : Condition(_text.Next(1, 4));

    private string Condition(int depth)
    {
        if (depth <= 0)
        {
            return Predicate();
        }

        return _text.Next(6) switch
        {
            0 => $"{Condition(depth - 1)} and {Condition(depth - 1)}",
            1 => $"({Condition(depth - 1)} or {Condition(depth - 1)})",
            2 => $"{Condition(depth - 1)} or {Condition(depth - 1)}",
            3 => $"not ({Condition(depth - 1)})",
            4 when _full => $"({Condition(depth - 1)}) for {_text.Duration()}",
            _ => Predicate(),
        };
    }

    private string Predicate() => _full && _text.Next(2) == 0 ? FullPredicate() : BasicPredicate();

    private string BasicPredicate() =>
        _text.Next(10) switch
        {
            0 or 1 => $"{_amounts.Number(2)} {_text.Relation()} {_amounts.Number(0)}",
            2 => $"{_amounts.Number(1)} {_text.Relation()} {_amounts.Number(1)}",
            3 or 4 => $"exists({_sources.Source()}{_sources.Window()})",
            5 or 6 => $"{_amounts.Span(1)} {_text.Relation()} {_amounts.Span(0)}",
            7 => $"profile.plan {_text.Relation()} {_text.PlanLiteral()}",
            8 => _text.Pick(
                $"profile.plan in {_text.PlanList()}",
                $"profile.plan not in {_text.PlanList()}",
                $"profile.age {_text.Relation()} {_text.SmallNumber()}",
                $"profile.vip {_text.Pick("=", "!=")} {_text.Pick("true", "false")}",
                "not profile.vip",
                $"{_amounts.Number(1)} in (0, 1, 2)",
                $"{_amounts.Number(1)} not in [1, 3, -5]"
            ),
            _ when _segments.Count > 0 => $"in(\"{_text.Pick([.. _segments])}\")",
            _ => $"count({_sources.Source()}{_sources.Window()}) {_text.Relation()} {_text.Next(4)}",
        };

    private string FullPredicate() =>
        _text.Next(14) switch
        {
            0 or 1 or 2 or 12 or 13 => RandomSequence.Create(_text, _sources),
            3 => $"{_text.Pick("first", "last", "mode")}(purchase.category{_sources.Window()}) "
                + $"{_text.Relation()} {_text.CategoryLiteral()}",
            4 =>
                $"last({_sources.BareSource()}) - first({_sources.BareSource()}) {_text.Relation()} {_amounts.Span(0)}",
            5 => $"profile.plan {_text.Pick("is missing", "is present", "starts with \"p\"", "ends with \"o\"")}",
            6 => _text.Pick(
                "profile.tags contains \"a\"",
                "profile.tags[] = \"b\"",
                "profile.tags[] != \"a\"",
                "profile.tags[] not in (\"a\", \"c\")",
                "profile.tags[] is missing",
                "profile.plan contains \"r\"",
                "profile.plan matches \"^(free|pro)$\"",
                "profile.address.city = \"Berlin\""
            ),
            7 => $"{_amounts.Number(1)} is {_text.Pick("missing", "present")}",
            8 => $"exists({_sources.Source()}{_sources.Window()}) for {_text.Duration()}",
            9 => $"not exists({_sources.Source()}{_sources.Window()}) for {_text.Duration()}",
            10 => $"profile.plan = {_text.PlanLiteral()} for {_text.Duration()}",
            _ => _text.Pick(
                "score(\"affinity\", \"acme\") > 0.8",
                "rfm.recency >= 4",
                "not consent(\"email\")",
                $"first(purchase.amount{_sources.Window()}) < last(purchase.amount)",
                $"mode(any.@type, {_text.Duration()}) = \"track\""
            ),
        };
}
