namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>Reads tokens one by one, with one token of look-ahead, and bounds how deep a rule may nest.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private const int DeepestNesting = 64;

    // a + b + c nests to the left in the tree, one level an operator.
    private const int MostOperators = 256;

    private static readonly string[] Connectives =
    [
        "and",
        "or",
        "in",
        "is",
        "for",
        "contains",
        "starts",
        "ends",
        "matches",
        "where",
        "offset",
        "then",
        "within",
        "total",
    ];

    private int _next;
    private int _depth;
    private int _operators;

    public Token Current => tokens[_next];

    public Token Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    public Token Take() => Current.Kind == TokenKind.End ? Current : tokens[_next++];

    public bool TryTakeSymbol(string symbol)
    {
        bool found = Current.IsSymbol(symbol);
        _next += found ? 1 : 0;
        return found;
    }

    public bool TryTakeWord(string word)
    {
        bool found = Current.IsWord(word);
        _next += found ? 1 : 0;
        return found;
    }

    public Token ExpectSymbol(string symbol, string where)
    {
        Token token = Current;
        return TryTakeSymbol(symbol) ? token : throw Unexpected($"'{symbol}' {where}", HintAmong(Connectives));
    }

    public void ExpectWord(string word, string where)
    {
        if (!TryTakeWord(word))
        {
            throw Unexpected($"'{word}' {where}", HintAmong(word));
        }
    }

    public Token Expect(TokenKind kind, string expected) => Current.Kind == kind ? Take() : throw Unexpected(expected);

    public RuleException Unexpected(string expected, string hint = "") =>
        new(Current.Place, $"expected {expected}, found {Current.Describe()}.{hint}");

    /// <summary>The word that was probably meant, if the current token nearly is one of them.</summary>
    public string HintAmong(params IEnumerable<string> words) =>
        Current.Kind == TokenKind.Word
            ? NumberUnits.HintForWord(Current.Text) ?? NearMiss.Hint(Current.Text, words)
            : "";

    public void Enter()
    {
        if (++_depth > DeepestNesting)
        {
            throw new RuleException(
                Current.Place,
                $"the rule nests deeper than {DeepestNesting} levels; name parts of it as segments and use in(...)."
            );
        }
    }

    public void Leave() => _depth--;

    /// <summary>Takes one of + - * /.</summary>
    public Token TakeOperator()
    {
        if (++_operators > MostOperators)
        {
            throw new RuleException(
                Current.Place,
                $"the rule has more than {MostOperators} operators + - * /; "
                    + "name parts of it as segments and use in(...)."
            );
        }

        return Take();
    }
}
