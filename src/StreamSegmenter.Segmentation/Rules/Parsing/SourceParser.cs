using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>Parses what an aggregate reads: sources, paths, windows and sequences.</summary>
internal sealed class SourceParser(TokenReader tokens, Func<ExpressionSyntax> parseExpression)
{
    private static readonly string[] Periods = ["day", "week", "month", "year"];

    public SourceSyntax ParseSource()
    {
        Token name = tokens.Current;
        if (name.Kind is not (TokenKind.Word or TokenKind.String))
        {
            throw tokens.Unexpected("an event's name, in quotes if it has blanks, or any");
        }

        tokens.Take();
        PathSyntax? path = tokens.TryTakeSymbol(".") ? ParsePath() : null;
        ExpressionSyntax? where = tokens.TryTakeWord("where") ? parseExpression() : null;
        return new(name.Place, name.IsWord("any") ? null : name.Text, path, where);
    }

    public PathSyntax ParsePath()
    {
        SourcePlace place = tokens.Current.Place;
        bool envelope = tokens.TryTakeSymbol("@");
        List<string?> parts = [ParsePart()];
        while (true)
        {
            if (tokens.TryTakeSymbol("[]"))
            {
                parts.Add(null);
            }
            else if (tokens.TryTakeSymbol("."))
            {
                parts.Add(ParsePart());
            }
            else
            {
                return new(place, envelope, parts);
            }
        }
    }

    private string ParsePart() =>
        tokens.Current.Kind is TokenKind.Word or TokenKind.String
            ? tokens.Take().Text
            : throw tokens.Unexpected("a property's name, in quotes if it has blanks or a '-'");

    public WindowSyntax ParseWindow()
    {
        SourcePlace place = tokens.Current.Place;
        if (!tokens.TryTakeSymbol(","))
        {
            return new EverWindowSyntax(place);
        }

        Token token = tokens.Current;
        if (token.Kind == TokenKind.Duration)
        {
            DurationSyntax length = ParsePositive("a window");
            return new SlidingWindowSyntax(token.Place, length, tokens.TryTakeWord("offset") ? ParseDuration() : null);
        }

        if (tokens.TryTakeWord("ever"))
        {
            return new EverWindowSyntax(token.Place);
        }

        if (tokens.TryTakeWord("after"))
        {
            return ParseAnchor(token.Place);
        }

        return tokens.TryTakeWord("this")
            ? ParsePeriod(token.Place)
            : throw tokens.Unexpected(
                "a window: a duration such as 30d, after last(...), after first(...), this day|week|month|year, "
                    + "or ever",
                token.Kind == TokenKind.Number
                    ? $" Write a unit, e.g. {token.Text}d."
                    : tokens.HintAmong("after", "this", "ever")
            );
    }

    private AnchoredWindowSyntax ParseAnchor(SourcePlace place)
    {
        bool last = tokens.TryTakeWord("last");
        if (!last && !tokens.TryTakeWord("first"))
        {
            throw tokens.Unexpected("'first' or 'last' after 'after'", tokens.HintAmong("first", "last"));
        }

        tokens.ExpectSymbol("(", last ? "after 'after last'" : "after 'after first'");
        SourceSyntax anchor = ParseSource();
        tokens.ExpectSymbol(")", "to close the anchor");
        return new(place, last, anchor);
    }

    private CalendarWindowSyntax ParsePeriod(SourcePlace place)
    {
        Token token = tokens.Current;
        int period = Array.FindIndex(Periods, token.IsWord);
        if (period < 0)
        {
            throw tokens.Unexpected("day, week, month or year after 'this'", tokens.HintAmong(Periods));
        }

        tokens.Take();
        return new(place, (CalendarPeriod)period);
    }

    public SequenceSyntax ParseSequence(SourcePlace place)
    {
        if (tokens.Current.IsWord("not") && !tokens.Following.IsSymbol("."))
        {
            throw new RuleException(
                tokens.Current.Place,
                "a sequence cannot start with 'not'; start with an event that happened."
            );
        }

        List<SequenceStepSyntax> steps = [ParseStep(first: true)];
        while (tokens.TryTakeWord("then"))
        {
            steps.Add(ParseStep(first: false));
        }

        DurationSyntax? total = tokens.TryTakeWord("total") ? ParsePositive("total") : null;
        if (steps[^1] is { Negated: true, Within: null } last)
        {
            throw new RuleException(
                last.Place,
                "a 'not' at the end of a sequence needs 'within': without an end it could never be settled."
            );
        }

        return new(place, steps, total, ParseWindow());
    }

    private SequenceStepSyntax ParseStep(bool first)
    {
        SourcePlace place = tokens.Current.Place;
        bool negated = !first && tokens.TryTakeWord("not");
        SourceSyntax source = ParseSource();
        if (first && tokens.Current.IsWord("within"))
        {
            throw new RuleException(
                tokens.Current.Place,
                "'within' counts from the step before; the first step has none."
            );
        }

        return new(place, negated, source, tokens.TryTakeWord("within") ? ParsePositive("within") : null);
    }

    private DurationSyntax ParsePositive(string what)
    {
        DurationSyntax duration = ParseDuration();
        return duration.Milliseconds > 0
            ? duration
            : throw new RuleException(duration.Place, $"{what} must be longer than zero.");
    }

    private DurationSyntax ParseDuration()
    {
        Token token = tokens.Expect(TokenKind.Duration, "a duration such as 30d");
        return new(token.Place, (long)token.Amount);
    }
}
