using System.Buffers;
using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>Says, to whoever wrote a text, what keeps it from being JSON and how to mend it.</summary>
internal static class JsonMistake
{
    private static readonly SearchValues<byte> NotInWord = SearchValues.Create(" \t\r\n,:;&\"'{}[]()/"u8);

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <param name="text">What was refused, in UTF-8.</param>
    /// <param name="offset">The byte at which reading it stopped.</param>
    public static string Describe(ReadOnlySpan<byte> text, int offset)
    {
        if (text.IndexOfAnyExcept(Blanks) < 0)
        {
            return "there is nothing in it; send a JSON object";
        }

        (int token, bool isOver) = FindBrokenToken(text);
        token = Math.Min(token, offset);
        if (token < offset && text[token] == (byte)'"')
        {
            if (!IsClosed(text[(token + 1)..offset]))
            {
                return InString(text, offset);
            }

            // A name is read together with its colon: the name is right, and what follows it is not.
            token = offset;
        }

        if (offset >= text.Length)
        {
            return "it ends too early; close what is open, or send the whole of it";
        }

        return text[token] switch
        {
            (byte)'\'' => "names and strings stand in double quotes, not in single ones",
            (byte)'/' or (byte)'#' => "there are no comments in JSON; remove it",
            _ when isOver => "something follows the JSON value; send that value alone",
            (byte)'}' or (byte)']' when text[..token].TrimEnd(Blanks) is [.., (byte)','] =>
                $"remove the comma before '{(char)text[token]}'",
            var first when IsNumber(first, isBroken: token < offset) =>
                $"{Word(text[token..])} is no JSON number; write it as e.g. -12.5e3",
            var first
                when char.IsAsciiLetter((char)first) && Word(text[token..]) is not ("true" or "false" or "null") =>
                $"{Word(text[token..])} is none of true, false and null; put names and text in double quotes",
            _ => $"'{Character(text[token..])}' cannot stand here; check the quotes, commas and colons before it",
        };
    }

    private static bool IsNumber(byte first, bool isBroken) =>
        first is (byte)'+' or (byte)'.' || (isBroken && (first == (byte)'-' || char.IsAsciiDigit((char)first)));

    private static string InString(ReadOnlySpan<byte> text, int offset) =>
        offset >= text.Length ? "a string has no closing quote; add it, or send the whole text"
        : text[offset] < ' ' ? $"write the control character in this string as \\u{text[offset]:x4}"
        : "unknown escape in a string; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits";

    private static bool IsClosed(ReadOnlySpan<byte> content)
    {
        while (content.IndexOfAny((byte)'"', (byte)'\\') is var found and >= 0)
        {
            if (content[found] == '"')
            {
                return true;
            }

            content = content[Math.Min(found + 2, content.Length)..];
        }

        return false;
    }

    /// <summary>Where the first token begins that is none, and whether a whole value stands before it.</summary>
    private static (int Token, bool IsOver) FindBrokenToken(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = text.Length });
        long end = 0;
        bool isOver = false;
        try
        {
            while (reader.Read())
            {
                end = reader.BytesConsumed;
                isOver =
                    reader.CurrentDepth == 0
                    && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
            }
        }
        catch (JsonException)
        {
            // What is asked is how far it came.
        }

        int between = text[(int)end..].IndexOfAnyExcept(isOver ? Blanks : " \t\r\n,:"u8);
        return (between < 0 ? text.Length : (int)end + between, isOver);
    }

    private static string Word(ReadOnlySpan<byte> rest)
    {
        int length = rest.IndexOfAny(NotInWord);
        return JsonFault.Excerpt(length < 0 ? rest : rest[..length]);
    }

    private static string Character(ReadOnlySpan<byte> rest)
    {
        Rune.DecodeFromUtf8(rest, out _, out int length);
        return JsonFault.Excerpt(rest[..length]);
    }
}
