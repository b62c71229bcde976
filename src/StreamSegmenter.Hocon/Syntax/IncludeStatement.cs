using System.Text;
using StreamSegmenter.Hocon.Tokens;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>Reads <c>include "x"</c>, <c>include file("x")</c>, <c>include required(...)</c>.</summary>
internal static class IncludeStatement
{
    private const string Form = "write include \"name\", include file(\"name\") or include required(\"name\")";

    public static IncludeSyntax Read(TokenCursor tokens)
    {
        var origin = tokens.Origin;
        tokens.Take();
        var opening = ReadAround(tokens);
        var (required, function) = opening.StartsWith("required(", StringComparison.Ordinal)
            ? (true, opening["required(".Length..])
            : (false, opening);
        if (tokens.Kind != TokenKind.Quoted || function is not ("" or "file(" or "url(" or "classpath("))
        {
            throw new HoconException(origin, $"expected the name of a file in quotes after include; {Form}");
        }
        var name = tokens.Take().Text;
        var open = opening.Count(static c => c == '(');
        var closing = open > 0 ? ReadAround(tokens, open) : "";
        if (closing != new string(')', open))
        {
            throw new HoconException(origin, $"the parentheses of this include do not match; {Form}");
        }
        Refuse(origin, name, function);
        return new IncludeSyntax(origin, name, BesideIncluder: function.Length == 0, required);
    }

    /// <summary>The unquoted text up to the next other token, or until so many characters are read.</summary>
    private static string ReadAround(TokenCursor tokens, int maxLength = int.MaxValue)
    {
        var text = new StringBuilder();
        while (
            text.Length < maxLength && tokens.Kind is TokenKind.Unquoted or TokenKind.Whitespace or TokenKind.Newline
        )
        {
            var token = tokens.Take();
            text.Append(token.Kind == TokenKind.Unquoted ? token.Text : "");
        }
        return text.ToString();
    }

    private static void Refuse(HoconOrigin origin, string name, string function)
    {
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        var isUrl = function == "url(" || scheme > 1 || name.StartsWith("file:", StringComparison.Ordinal);
        if (function == "classpath(" || isUrl)
        {
            var what = isUrl ? "a URL" : "the class path";
            throw new HoconException(origin, $"cannot include from {what}; only files can be included: {Form}");
        }
    }
}
