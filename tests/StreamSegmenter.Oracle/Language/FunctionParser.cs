namespace StreamSegmenter.Oracle.Language;

/// <summary>Everything written <c>name(…)</c>, with the sources, windows and steps inside.</summary>
internal sealed class FunctionParser(TokenReader reader, Parser parser)
{
    private static readonly Dictionary<string, AggregateKind> Aggregates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["count"] = AggregateKind.Count,
        ["sum"] = AggregateKind.Sum,
        ["avg"] = AggregateKind.Avg,
        ["min"] = AggregateKind.Min,
        ["max"] = AggregateKind.Max,
        ["distinct"] = AggregateKind.Distinct,
        ["first"] = AggregateKind.First,
        ["last"] = AggregateKind.Last,
        ["mode"] = AggregateKind.Mode,
        ["exists"] = AggregateKind.Exists,
        ["days"] = AggregateKind.Days,
        ["since"] = AggregateKind.Since,
        ["since_first"] = AggregateKind.SinceFirst,
    };

    public Node Parse(bool insideWhere)
    {
        var name = reader.Take();
        reader.Symbol("(");
        var isAny = name.IsKeyword("any");
        if (isAny != insideWhere)
        {
            throw new RuleError(
                name.At,
                insideWhere ? $"{name}(…) is not possible inside 'where'" : "any(…) is only possible inside 'where'"
            );
        }

        var node = isAny ? AnyElement(name.At) : Function(name);
        reader.Symbol(")");
        return node;
    }

    private Node Function(Token name)
    {
        if (Aggregates.TryGetValue(name.Content, out var kind))
        {
            return Aggregate(kind, name);
        }

        if (name.IsKeyword("sequence"))
        {
            return Sequence(name.At);
        }

        if (name.IsKeyword("in"))
        {
            return new InSegment(NameOrText("a segment's name"), name.At);
        }

        if (name.IsKeyword("consent"))
        {
            return new OutsideValue(OutsideKind.Consent, new(["consent", NameOrText("a channel")]), name.At);
        }

        if (name.IsKeyword("score"))
        {
            List<string> path = ["scores", NameOrText("a model")];
            if (reader.TrySymbol(","))
            {
                path.Add(NameOrText("a key"));
            }

            return new OutsideValue(OutsideKind.Score, new(path), name.At);
        }

        throw new RuleError(name.At, $"unknown function {name}");
    }

    private AnyElement AnyElement(Position at)
    {
        var pathAt = reader.Current.At;
        var root = reader.TrySymbol("@") ? PathRoot.Envelope : PathRoot.Payload;
        var array = new PathValue(root, parser.Path(), pathAt);
        reader.Symbol(",");
        return new(array, parser.Where(), at);
    }

    private Aggregate Aggregate(AggregateKind kind, Token name)
    {
        var source = Source();
        var needsPath =
            kind
            is AggregateKind.Sum
                or AggregateKind.Avg
                or AggregateKind.Min
                or AggregateKind.Max
                or AggregateKind.Distinct
                or AggregateKind.Mode;
        return needsPath && source.Path is null
            ? throw new RuleError(source.At, $"{name} needs a path: expected event.path")
            : new(kind, source, OptionalWindow(), name.At);
    }

    private Sequence Sequence(Position at)
    {
        if (reader.Current.IsKeyword("not"))
        {
            throw reader.Expected("an event: a sequence cannot start with 'not'");
        }

        var steps = new List<Step> { new(Forbidden: false, Source(), Within: null, at) };
        while (reader.TryKeyword("then"))
        {
            var stepAt = reader.Current.At;
            var forbidden = reader.TryKeyword("not");
            var source = Source();
            long? within = reader.TryKeyword("within") ? reader.PositiveDuration("'within'") : null;
            steps.Add(new(forbidden, source, within, stepAt));
        }

        if (steps[^1] is { Forbidden: true, Within: null })
        {
            throw new RuleError(steps[^1].At, "a 'not' at the end of a sequence needs 'within'");
        }

        long? total = reader.TryKeyword("total") ? reader.PositiveDuration("'total'") : null;
        return new(steps, total, OptionalWindow(), at);
    }

    private Source Source()
    {
        var token = reader.Current;
        if (token.Kind != TokenKind.Text && token.Kind != TokenKind.Word)
        {
            throw reader.Expected("an event's name");
        }

        reader.Take();
        var name = token.IsKeyword("any") ? null : token.Content;
        EventPath? path = null;
        if (reader.TrySymbol("."))
        {
            path = new(Envelope: reader.TrySymbol("@"), parser.Path());
        }

        return new(name, path, reader.TryKeyword("where") ? parser.Where() : null, token.At);
    }

    private Window OptionalWindow()
    {
        if (!reader.TrySymbol(",") || reader.TryKeyword("ever"))
        {
            return new Ever();
        }

        if (reader.TryKeyword("after"))
        {
            return After();
        }

        if (reader.TryKeyword("this"))
        {
            return This();
        }

        var duration = reader.PositiveDuration("a window");
        return new Sliding(duration, reader.TryKeyword("offset") ? reader.Duration("'offset'") : 0);
    }

    private AfterEvent After()
    {
        var last = reader.TryKeyword("last");
        if (!last)
        {
            reader.Keyword("first");
        }

        reader.Symbol("(");
        var anchor = Source();
        reader.Symbol(")");
        return new(last, anchor);
    }

    private ThisPeriod This()
    {
        foreach (var period in Enum.GetValues<Period>())
        {
            if (reader.TryKeyword(period.ToString()))
            {
                return new(period);
            }
        }

        throw reader.Expected("day, week, month or year");
    }

    private string NameOrText(string what) =>
        reader.Current.Kind is TokenKind.Text or TokenKind.Word ? reader.Take().Content : throw reader.Expected(what);
}
