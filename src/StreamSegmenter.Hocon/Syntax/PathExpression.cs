using System.Collections.Immutable;
using System.Text;
using StreamSegmenter.Hocon.Tokens;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>
/// Reads keys such as <c>a.b."c.d"</c>: periods outside quotes separate, everything else concatenates.
/// </summary>
internal static class PathExpression
{
    public static HoconPath Read(ReadOnlySpan<Token> tokens, HoconOrigin origin)
    {
        var keys = ImmutableArray.CreateBuilder<string>();
        var key = new StringBuilder();
        var quoted = false;
        foreach (var token in Trim(tokens))
        {
            if (token.Kind is TokenKind.Quoted)
            {
                key.Append(token.Text);
                quoted = true;
            }
            else if (token.Kind is TokenKind.Unquoted or TokenKind.Whitespace)
            {
                foreach (var c in token.Text)
                {
                    if (c == '.')
                    {
                        EndKey();
                    }
                    else
                    {
                        key.Append(c);
                    }
                }
            }
            else
            {
                throw new HoconException(
                    origin with
                    {
                        Line = token.Line,
                        Column = token.Column,
                    },
                    $"{TokenNames.Of(token)} is not allowed in a key; put the key in double quotes"
                );
            }
        }
        EndKey();
        return new HoconPath(keys.DrainToImmutable());

        void EndKey()
        {
            if (key.Length == 0 && !quoted)
            {
                throw new HoconException(
                    origin,
                    "the key has an empty part; write \"\" where a part is meant to be empty"
                );
            }
            keys.Add(key.ToString());
            key.Clear();
            quoted = false;
        }
    }

    private static ReadOnlySpan<Token> Trim(ReadOnlySpan<Token> tokens)
    {
        while (tokens is [{ Kind: TokenKind.Whitespace }, .. var rest])
        {
            tokens = rest;
        }
        while (tokens is [.. var rest, { Kind: TokenKind.Whitespace }])
        {
            tokens = rest;
        }
        return tokens;
    }
}
