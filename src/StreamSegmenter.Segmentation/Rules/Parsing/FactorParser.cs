using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>Parses the leaves of an expression: literals, aggregates, traits, properties and specials.</summary>
internal sealed class FactorParser
{
    private static readonly Dictionary<string, AggregateFunction> Aggregates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["count"] = AggregateFunction.Count,
        ["sum"] = AggregateFunction.Sum,
        ["avg"] = AggregateFunction.Avg,
        ["min"] = AggregateFunction.Min,
        ["max"] = AggregateFunction.Max,
        ["distinct"] = AggregateFunction.Distinct,
        ["first"] = AggregateFunction.First,
        ["last"] = AggregateFunction.Last,
        ["mode"] = AggregateFunction.Mode,
        ["exists"] = AggregateFunction.Exists,
        ["days"] = AggregateFunction.Days,
        ["since"] = AggregateFunction.Since,
        ["since_first"] = AggregateFunction.SinceFirst,
    };

    private static readonly string[] OtherFunctions = ["sequence", "any", "in", "score", "consent"];

    private readonly TokenReader _tokens;
    private readonly Func<ExpressionSyntax> _parseExpression;
    private readonly SourceParser _sources;

    public FactorParser(TokenReader tokens, Func<ExpressionSyntax> parseExpression)
    {
        _tokens = tokens;
        _parseExpression = parseExpression;
        _sources = new(tokens, parseExpression);
    }

    public ExpressionSyntax Parse()
    {
        Token token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberSyntax(_tokens.Take().Place, token.Amount);
            case TokenKind.Duration:
                return new DurationSyntax(_tokens.Take().Place, (long)token.Amount);
            case TokenKind.String:
                return new StringSyntax(_tokens.Take().Place, token.Text);
            case TokenKind.Word:
                return ParseWord(token);
            case TokenKind.Symbol when token.Text == "-":
                return ParseNegation();
            case TokenKind.Symbol when token.Text == "(":
                return ParseParentheses();
            case TokenKind.Symbol when token.Text == "@":
                return new PropertySyntax(token.Place, _sources.ParsePath());
            default:
                throw _tokens.Unexpected("a value");
        }
    }

    private NegateSyntax ParseNegation()
    {
        SourcePlace place = _tokens.Take().Place;
        _tokens.Enter();
        var negation = new NegateSyntax(place, Parse());
        _tokens.Leave();
        return negation;
    }

    private ExpressionSyntax ParseParentheses()
    {
        _tokens.Take();
        ExpressionSyntax inner = _parseExpression();
        _tokens.ExpectSymbol(")", "to close the parenthesis");
        return inner;
    }

    private ExpressionSyntax ParseWord(Token word)
    {
        if (_tokens.Following.IsSymbol("("))
        {
            return ParseCall(word);
        }

        if (word.IsWord("and") || word.IsWord("or"))
        {
            throw new RuleException(word.Place, $"'{word.Text}' joins two conditions; one of them is missing here.");
        }

        if (word.IsWord("true") || word.IsWord("false"))
        {
            _tokens.Take();
            return new BooleanSyntax(word.Place, word.IsWord("true"));
        }

        if (word.IsWord("profile") && _tokens.Following.IsSymbol("."))
        {
            _tokens.Take();
            _tokens.Take();
            return new TraitSyntax(word.Place, _sources.ParsePath());
        }

        return word.IsWord("rfm") && _tokens.Following.IsSymbol(".")
            ? ParseRfm(word)
            : new PropertySyntax(word.Place, _sources.ParsePath());
    }

    private ExpressionSyntax ParseCall(Token word)
    {
        _tokens.Take();
        _tokens.Take();
        ExpressionSyntax call = word.Text.ToLowerInvariant() switch
        {
            "sequence" => _sources.ParseSequence(word.Place),
            "any" => ParseAnyElement(word.Place),
            "in" => new InSegmentSyntax(word.Place, ParseName("a segment's name in quotes")),
            "score" => ParseScore(word.Place),
            "consent" => new ConsentSyntax(word.Place, ParseName("a channel's name in quotes")),
            _ when Aggregates.TryGetValue(word.Text, out AggregateFunction function) => ParseAggregate(word, function),
            _ => throw new RuleException(
                word.Place,
                $"there is no function '{word.Text}'.{NearMiss.Hint(word.Text, Aggregates.Keys.Concat(OtherFunctions))}"
            ),
        };
        _tokens.ExpectSymbol(")", $"to close {word.Text}(");
        return call;
    }

    private AggregateSyntax ParseAggregate(Token word, AggregateFunction function)
    {
        if (_tokens.Current.IsWord("sequence") && _tokens.Following.IsSymbol("("))
        {
            throw new RuleException(
                _tokens.Current.Place,
                $"a sequence is already a condition; write it without {word.Text}(...)."
            );
        }

        SourceSyntax source = _sources.ParseSource();
        return new(word.Place, function, source, _sources.ParseWindow());
    }

    private AnyElementSyntax ParseAnyElement(SourcePlace place)
    {
        ExpressionSyntax array = Parse();
        _tokens.ExpectSymbol(",", "and a condition on one element");
        return new(place, array, _parseExpression());
    }

    private ScoreSyntax ParseScore(SourcePlace place)
    {
        string model = ParseName("a model's name in quotes");
        return new(place, model, _tokens.TryTakeSymbol(",") ? ParseName("a key in quotes") : null);
    }

    private RfmSyntax ParseRfm(Token word)
    {
        _tokens.Take();
        _tokens.Take();
        Token dimension = _tokens.Expect(TokenKind.Word, "recency, frequency or monetary after 'rfm.'");
        string[] dimensions = ["recency", "frequency", "monetary"];
        return dimensions.Contains(dimension.Text, StringComparer.OrdinalIgnoreCase)
            ? new(word.Place, dimension.Text.ToLowerInvariant())
            : throw new RuleException(
                dimension.Place,
                $"expected recency, frequency or monetary after 'rfm.', found '{dimension.Text}'."
                    + NearMiss.Hint(dimension.Text, dimensions)
            );
    }

    private string ParseName(string expected) =>
        _tokens.Current.Kind is TokenKind.String or TokenKind.Word
            ? _tokens.Take().Text
            : throw _tokens.Unexpected(expected);
}
