namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>Reads tokens one by one, with one token of look-ahead, and bounds how deep a rule may nest.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private const int DeepestNesting = 64;

    private int _next;
    private int _depth;

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
        return TryTakeSymbol(symbol) ? token : throw Unexpected($"'{symbol}' {where}");
    }

    public void ExpectWord(string word, string where)
    {
        if (!TryTakeWord(word))
        {
            throw Unexpected($"'{word}' {where}");
        }
    }

    public Token Expect(TokenKind kind, string expected) => Current.Kind == kind ? Take() : throw Unexpected(expected);

    public RuleException Unexpected(string expected, string hint = "") =>
        new(Current.Place, $"expected {expected}, found {Current.Describe()}.{hint}");

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
}
