namespace StreamSegmenter.Oracle.Language;

/// <summary>A place in the tokens of a rule, and the ways of moving on.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Take() => Current.Kind == TokenKind.End ? Current : tokens[_at++];

    public Token Take(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Expected(what);

    /// <summary>A name, in quotes or without.</summary>
    public string Name(string what) =>
        Current.Kind == TokenKind.Text ? Take().Content : Take(TokenKind.Word, what).Content;

    public bool TrySymbol(string symbol) => Try(Current.IsSymbol(symbol));

    public bool TryKeyword(string keyword) => Try(Current.IsKeyword(keyword));

    public void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
        {
            throw Expected($"'{symbol}'");
        }
    }

    public void Keyword(string keyword)
    {
        if (!TryKeyword(keyword))
        {
            throw Expected($"'{keyword}'");
        }
    }

    public long Duration(string purpose)
    {
        var token = Take(TokenKind.Duration, $"a duration for {purpose}, such as 30d");
        return (long)token.Amount.Mantissa;
    }

    public long PositiveDuration(string purpose)
    {
        var at = Current.At;
        var duration = Duration(purpose);
        return duration > 0 ? duration : throw new RuleError(at, $"{purpose} must be longer than zero");
    }

    public RuleError Expected(string what) => new(Current.At, $"expected {what}, found {Current}");

    private bool Try(bool matches)
    {
        if (matches)
        {
            Take();
        }

        return matches;
    }
}
