using StreamSegmenter.Hocon.Tokens;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>What error messages call a token.</summary>
internal static class TokenNames
{
    public static string Of(Token token) =>
        token.Kind switch
        {
            TokenKind.End => "the end of the text",
            TokenKind.Newline => "the end of the line",
            TokenKind.Whitespace => "a space",
            TokenKind.Quoted => $"\"{token.Text}\"",
            TokenKind.Substitution => "'${'",
            TokenKind.OptionalSubstitution => "'${?'",
            _ => $"'{token.Text}'",
        };
}
