using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>
/// Parses conditions and values by recursive descent; sources and windows are <see cref="SourceParser"/>'s.
/// </summary>
internal sealed class RuleParser
{
    private const int LongestRule = 16_384;

    private static readonly string[] Operators =
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "for",
        "contains",
        "starts with",
        "ends with",
        "matches",
    ];

    private readonly TokenReader _tokens;
    private readonly FactorParser _factors;

    private RuleParser(TokenReader tokens)
    {
        _tokens = tokens;
        _factors = new(tokens, ParseExpression);
    }

    /// <exception cref="RuleException">The text is not a rule.</exception>
    public static ExpressionSyntax Parse(string text)
    {
        if (text.Length > LongestRule)
        {
            throw new RuleException(new(0, 1, 1), $"the rule has {text.Length} characters; {LongestRule} are allowed.");
        }

        var tokens = new TokenReader(Tokenizer.Tokenize(text));
        if (tokens.Current.Kind == TokenKind.End)
        {
            throw tokens.Unexpected("a condition");
        }

        ExpressionSyntax rule = new RuleParser(tokens).ParseExpression();
        return tokens.Current.Kind == TokenKind.End
            ? rule
            : throw tokens.Unexpected("an operator or the end of the rule", tokens.HintAmong(Operators));
    }

    private ExpressionSyntax ParseExpression()
    {
        _tokens.Enter();
        ExpressionSyntax expression = ParseList(
            "or",
            ParseAnd,
            static (place, operands) => new OrSyntax(place, operands)
        );
        _tokens.Leave();
        return expression;
    }

    private ExpressionSyntax ParseAnd() =>
        ParseList("and", ParseNot, static (place, operands) => new AndSyntax(place, operands));

    private ExpressionSyntax ParseList(
        string word,
        Func<ExpressionSyntax> parseOperand,
        Func<SourcePlace, IReadOnlyList<ExpressionSyntax>, ExpressionSyntax> combine
    )
    {
        ExpressionSyntax first = parseOperand();
        if (!_tokens.Current.IsWord(word))
        {
            return first;
        }

        List<ExpressionSyntax> operands = [first];
        while (_tokens.TryTakeWord(word))
        {
            operands.Add(parseOperand());
        }

        return combine(first.Place, operands);
    }

    private ExpressionSyntax ParseNot()
    {
        SourcePlace place = _tokens.Current.Place;
        if (!_tokens.TryTakeWord("not"))
        {
            return ParseHeld();
        }

        _tokens.Enter();
        var not = new NotSyntax(place, ParseNot());
        _tokens.Leave();
        return not;
    }

    private ExpressionSyntax ParseHeld()
    {
        ExpressionSyntax predicate = ParsePredicate();
        if (!_tokens.TryTakeWord("for"))
        {
            return predicate;
        }

        Token duration = _tokens.Expect(TokenKind.Duration, "a duration such as 7d after 'for'");
        return new HeldSyntax(predicate.Place, predicate, new(duration.Place, (long)duration.Amount));
    }

    private ExpressionSyntax ParsePredicate()
    {
        ExpressionSyntax left = ParseSum();
        Token token = _tokens.Current;
        if (Comparison(token) is { } comparison)
        {
            _tokens.Take();
            return new ComparisonSyntax(left.Place, left, comparison, ParseSum());
        }

        if (token.IsWord("in") || (token.IsWord("not") && _tokens.Following.IsWord("in")))
        {
            bool negated = _tokens.TryTakeWord("not");
            _tokens.Take();
            return new InListSyntax(left.Place, left, negated, ParseElements());
        }

        if (_tokens.TryTakeWord("is"))
        {
            bool present = _tokens.TryTakeWord("present");
            return present || _tokens.TryTakeWord("missing")
                ? new PresenceSyntax(left.Place, left, present)
                : throw _tokens.Unexpected(
                    "'present' or 'missing' after 'is'",
                    _tokens.HintAmong("present", "missing")
                );
        }

        return TryTakeTextOperator() is { } text ? new TextSyntax(left.Place, left, text, ParseSum()) : left;
    }

    private TextOperator? TryTakeTextOperator()
    {
        if (_tokens.TryTakeWord("contains"))
        {
            return TextOperator.Contains;
        }

        if (_tokens.TryTakeWord("matches"))
        {
            return TextOperator.Matches;
        }

        bool starts = _tokens.TryTakeWord("starts");
        if (!starts && !_tokens.TryTakeWord("ends"))
        {
            return null;
        }

        _tokens.ExpectWord("with", starts ? "after 'starts'" : "after 'ends'");
        return starts ? TextOperator.StartsWith : TextOperator.EndsWith;
    }

    private List<ExpressionSyntax> ParseElements()
    {
        string close = _tokens.Current.IsSymbol("[") ? "]" : ")";
        if (
            _tokens.Current.IsSymbol("[]")
            || (_tokens.Current.IsSymbol("(") && _tokens.Following.IsSymbol(")"))
            || (_tokens.Current.IsSymbol("[") && _tokens.Following.IsSymbol("]"))
        )
        {
            throw new RuleException(_tokens.Current.Place, "an empty list matches nothing; write at least one value.");
        }

        if (!_tokens.TryTakeSymbol("[") && !_tokens.TryTakeSymbol("("))
        {
            throw _tokens.Unexpected("a list such as (\"a\", \"b\") after 'in'");
        }

        List<ExpressionSyntax> elements = [];
        do
        {
            elements.Add(ParseSum());
        } while (_tokens.TryTakeSymbol(","));
        _tokens.ExpectSymbol(close, "at the end of the list");
        return elements;
    }

    private ExpressionSyntax ParseSum()
    {
        ExpressionSyntax left = ParseTerm();
        while (_tokens.Current.IsSymbol("+") || _tokens.Current.IsSymbol("-"))
        {
            ArithmeticOperator op =
                _tokens.TakeOperator().Text == "+" ? ArithmeticOperator.Add : ArithmeticOperator.Subtract;
            left = new ArithmeticSyntax(left.Place, left, op, ParseTerm());
        }

        return left;
    }

    private ExpressionSyntax ParseTerm()
    {
        ExpressionSyntax left = _factors.Parse();
        while (_tokens.Current.IsSymbol("*") || _tokens.Current.IsSymbol("/"))
        {
            ArithmeticOperator op =
                _tokens.TakeOperator().Text == "*" ? ArithmeticOperator.Multiply : ArithmeticOperator.Divide;
            left = new ArithmeticSyntax(left.Place, left, op, _factors.Parse());
        }

        return left;
    }

    private static ComparisonOperator? Comparison(Token token) =>
        token.Kind != TokenKind.Symbol
            ? null
            : token.Text switch
            {
                "=" => ComparisonOperator.Equal,
                "!=" => ComparisonOperator.NotEqual,
                "<" => ComparisonOperator.Less,
                "<=" => ComparisonOperator.LessOrEqual,
                ">" => ComparisonOperator.Greater,
                ">=" => ComparisonOperator.GreaterOrEqual,
                _ => null,
            };
}
