using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tokens;

/// <summary>
/// Splits a text into tokens. Comments vanish here; newlines and whitespace stay, for they mean something.
/// </summary>
internal sealed class Tokenizer
{
    private readonly string _text;
    private readonly string _source;
    private readonly SourceText _written;
    private readonly ImmutableArray<Token>.Builder _tokens = ImmutableArray.CreateBuilder<Token>();
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private Tokenizer(string text, string source)
    {
        _text = text;
        _source = source;
        _written = new(source, text);
    }

    /// <summary>All tokens of a text; the last one is <see cref="TokenKind.End"/>.</summary>
    public static ImmutableArray<Token> Tokenize(string text, string source)
    {
        var tokenizer = new Tokenizer(text, source);
        while (tokenizer._position < text.Length)
        {
            tokenizer.ReadToken();
        }
        tokenizer.Add(TokenKind.End, "", tokenizer._position);
        return tokenizer._tokens.DrainToImmutable();
    }

    private void ReadToken()
    {
        var c = _text[_position];
        if (c == '\n')
        {
            Add(TokenKind.Newline, "\n", _position++);
            StartLine();
        }
        else if (Characters.IsWhitespace(c))
        {
            ReadWhitespace();
        }
        else if (c == '#' || StartsWith("//"))
        {
            var end = _text.IndexOf('\n', _position);
            _position = end < 0 ? _text.Length : end;
        }
        else if (c == '"')
        {
            ReadQuoted();
        }
        else if (Punctuation(c) is { } kind)
        {
            Add(kind, c.ToString(), _position++);
        }
        else if (c == '$')
        {
            ReadSubstitution();
        }
        else if (StartsWith("+="))
        {
            Add(TokenKind.PlusEquals, "+=", _position);
            _position += 2;
        }
        else
        {
            ReadUnquoted(c);
        }
    }

    private static TokenKind? Punctuation(char c) =>
        c switch
        {
            '{' => TokenKind.LeftBrace,
            '}' => TokenKind.RightBrace,
            '[' => TokenKind.LeftBracket,
            ']' => TokenKind.RightBracket,
            ',' => TokenKind.Comma,
            ':' => TokenKind.Colon,
            '=' => TokenKind.Equals,
            _ => null,
        };

    private void ReadWhitespace()
    {
        var start = _position;
        while (_position < _text.Length && _text[_position] != '\n' && Characters.IsWhitespace(_text[_position]))
        {
            _position++;
        }
        AddText(TokenKind.Whitespace, start);
    }

    private void ReadSubstitution()
    {
        var kind = StartsWith("${?") ? TokenKind.OptionalSubstitution : TokenKind.Substitution;
        if (!StartsWith("${"))
        {
            throw Error(_position, "a '$' must be followed by '{'; put the string in quotes to keep the '$'");
        }
        Add(kind, "", _position);
        _position += kind == TokenKind.OptionalSubstitution ? 3 : 2;
    }

    private void ReadUnquoted(char first)
    {
        var start = _position;
        if (char.IsAsciiDigit(first) || first == '-')
        {
            SkipNumber(start);
        }
        while (
            _position < _text.Length
            && Characters.CanBeUnquoted(_text[_position])
            && !(_position > start && StartsWith("//"))
        )
        {
            _position++;
        }
        if (_position == start)
        {
            throw Error(start, $"the character '{first}' needs quotes: put the whole string in double quotes");
        }
        AddText(TokenKind.Unquoted, start);
    }

    /// <summary>A number may hold a plus sign, which no other unquoted text may.</summary>
    private void SkipNumber(int start)
    {
        var end = start;
        while (end < _text.Length && Characters.IsInNumber(_text[end]))
        {
            end++;
        }
        var candidate = _text.AsSpan(start, end - start);
        var plus = candidate.IndexOf('+');
        if (plus >= 0 && JsonNumber.Matches(candidate))
        {
            _position = end;
        }
    }

    private void ReadQuoted()
    {
        if (StartsWith("\"\"\""))
        {
            ReadTripleQuoted();
            return;
        }
        var start = _position++;
        var content = new StringBuilder();
        var escapes = ImmutableArray.CreateBuilder<WrittenEscape>();
        while (Current('"') is var c && c != '"')
        {
            var written = _position++;
            if (c == '\\')
            {
                c = ReadEscape();
                escapes.Add(new(content.Length, _position - written));
            }
            content.Append(c);
        }
        _position++;
        var writing = new TokenWriting(_written, start + 1, escapes.DrainToImmutable());
        Add(TokenKind.Quoted, content.ToString(), start, writing);

        char Current(char closing)
        {
            var c = _position < _text.Length ? _text[_position] : '\n';
            return c >= ' ' ? c
                : c == '\n' ? throw Error(start, $"the string has no closing {closing} on its line")
                : throw Error(_position, $"write the control character U+{(int)c:X4} as \\u{(int)c:X4}");
        }
    }

    private char ReadEscape()
    {
        var start = _position - 1;
        var c = _position < _text.Length ? _text[_position++] : '\n';
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ReadUnicodeEscape(start),
            _ => throw Error(start, "unknown escape; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        };
    }

    private char ReadUnicodeEscape(int start)
    {
        var digits = _text.AsSpan(_position, Math.Min(4, _text.Length - _position));
        if (
            digits.Length < 4
            || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
        )
        {
            throw Error(start, "\\u must be followed by four hexadecimal digits");
        }
        _position += 4;
        return (char)code;
    }

    private void ReadTripleQuoted()
    {
        var start = _position;
        var (line, column) = (_line, Column(start));
        var contentStart = start + 3;
        var end = _text.IndexOf("\"\"\"", contentStart, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error(start, "the string has no closing \"\"\"");
        }
        // Quotes beyond the last three belong to the content.
        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }
        for (_position = contentStart; _position < end; )
        {
            if (_text[_position++] == '\n')
            {
                StartLine();
            }
        }
        _position = end + 3;
        var writing = new TokenWriting(_written, contentStart, []);
        _tokens.Add(new Token(TokenKind.Quoted, _text[contentStart..end], line, column, writing));
    }

    private void StartLine()
    {
        _line++;
        _lineStart = _position;
    }

    private bool StartsWith(string expected) => _text.AsSpan(_position).StartsWith(expected, StringComparison.Ordinal);

    private int Column(int position) => position - _lineStart + 1;

    /// <summary>Adds what was read since <paramref name="start"/>, as it stands.</summary>
    private void AddText(TokenKind kind, int start) =>
        Add(kind, _text[start.._position], start, new TokenWriting(_written, start, []));

    private void Add(TokenKind kind, string text, int position, Writing? writing = null) =>
        _tokens.Add(new Token(kind, text, _line, Column(position), writing));

    private HoconException Error(int position, string problem) =>
        new(HoconOrigin.Text(_source, _line, Column(position)), problem);
}
