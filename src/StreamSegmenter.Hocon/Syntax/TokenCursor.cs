using System.Collections.Immutable;
using StreamSegmenter.Hocon.Tokens;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>A position in the tokens of one file.</summary>
internal sealed class TokenCursor(ImmutableArray<Token> tokens, string source)
{
    public int Position { get; private set; }

    public Token Current => tokens[Position];

    public TokenKind Kind => Current.Kind;

    public HoconOrigin Origin => OriginOf(Current);

    public ReadOnlySpan<Token> From(int start) => tokens.AsSpan(start, Position - start);

    /// <summary>Steps over the current token and returns it. The end is never stepped over.</summary>
    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            Position++;
        }
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }
        Take();
        return true;
    }

    /// <summary>Steps over whitespace and newlines; says whether there was a newline.</summary>
    public bool SkipBlank()
    {
        var newline = false;
        while (Kind is TokenKind.Whitespace or TokenKind.Newline)
        {
            newline |= Take().Kind == TokenKind.Newline;
        }
        return newline;
    }

    public HoconException Error(string problem) => new(Origin, problem);

    public HoconOrigin OriginOf(Token token) => HoconOrigin.Text(source, token.Line, token.Column);
}
