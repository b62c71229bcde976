using System.Globalization;
using System.Text;

namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>Cuts a rule's text into tokens.</summary>
internal sealed class Tokenizer
{
    private static readonly string[] TwoCharacterSymbols = ["!=", "<=", ">=", "[]"];

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create(
        "0123456789abcdefABCDEF"
    );

    private readonly string _text;
    private int _offset;
    private int _line = 1;
    private int _lineStart;

    private Tokenizer(string text) => _text = text;

    public static List<Token> Tokenize(string text)
    {
        var tokenizer = new Tokenizer(text);
        var tokens = new List<Token>();
        do
        {
            tokens.Add(tokenizer.Next());
        } while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private SourcePlace Place => new(_offset, _line, _offset - _lineStart + 1);

    private char Peek(int ahead = 0) => _offset + ahead < _text.Length ? _text[_offset + ahead] : '\0';

    private Token Next()
    {
        SkipBlanksAndComments();
        SourcePlace place = Place;
        if (_offset == _text.Length)
        {
            return new(TokenKind.End, place, "");
        }

        char c = Peek();
        return c switch
        {
            '"' or '\'' => ReadString(place, c),
            _ when char.IsAsciiDigit(c) => ReadNumber(place),
            _ when IsWordStart(c) => ReadWord(place),
            _ => ReadSymbol(place, c),
        };
    }

    private void SkipBlanksAndComments()
    {
        while (_offset < _text.Length)
        {
            char c = Peek();
            if (c == '\n')
            {
                _offset++;
                (_line, _lineStart) = (_line + 1, _offset);
            }
            else if (char.IsWhiteSpace(c))
            {
                _offset++;
            }
            else if (c == '#')
            {
                int end = _text.IndexOf('\n', _offset);
                _offset = end < 0 ? _text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private Token ReadWord(SourcePlace place)
    {
        int start = _offset;
        while (IsWordStart(Peek()) || char.IsDigit(Peek()))
        {
            _offset++;
        }

        return new(TokenKind.Word, place, _text[start.._offset]);
    }

    private Token ReadSymbol(SourcePlace place, char c)
    {
        foreach (string symbol in TwoCharacterSymbols)
        {
            if (string.CompareOrdinal(_text, _offset, symbol, 0, 2) == 0)
            {
                _offset += 2;
                return new(TokenKind.Symbol, place, symbol);
            }
        }

        if (!"=<>+-*/(),.[]@".Contains(c))
        {
            string cure = c is '&' or '|' or '!' ? " Write and, or, not." : "";
            throw new RuleException(place, $"the character '{c}' has no meaning here.{cure}");
        }

        _offset++;
        return new(TokenKind.Symbol, place, c.ToString());
    }

    private Token ReadString(SourcePlace place, char quote)
    {
        var content = new StringBuilder();
        _offset++;
        while (true)
        {
            char c = Peek();
            if (_offset >= _text.Length || c == '\n')
            {
                throw new RuleException(place, $"this string has no closing {quote}.");
            }

            _offset++;
            if (c == quote)
            {
                return new(TokenKind.String, place, content.ToString());
            }

            content.Append(c == '\\' ? ReadEscape() : c);
        }
    }

    private char ReadEscape()
    {
        SourcePlace place = Place;
        char c = Peek();
        _offset++;
        switch (c)
        {
            case '"' or '\'' or '\\' or '/':
                return c;
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'u' when _offset + 4 <= _text.Length && IsHex(_text.AsSpan(_offset, 4)):
                _offset += 4;
                return (char)
                    int.Parse(_text.AsSpan(_offset - 4, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            default:
                throw new RuleException(
                    place,
                    "after \\ in a string expected one of \" ' \\ / n t r uXXXX; write \\\\ for a \\ itself."
                );
        }
    }

    private Token ReadNumber(SourcePlace place)
    {
        int start = _offset;
        decimal amount = ReadDigits(place);
        string unit = ReadUnit();
        if (!NumberUnits.IsDuration(unit))
        {
            decimal scale = NumberUnits.Scale(unit, place);
            return amount <= decimal.MaxValue / scale
                ? new(TokenKind.Number, place, _text[start.._offset], amount * scale)
                : throw TooLarge(place, _text[start.._offset]);
        }

        decimal milliseconds = NumberUnits.Milliseconds(amount, unit, place);
        while (char.IsAsciiDigit(Peek()))
        {
            SourcePlace part = Place;
            decimal next = ReadDigits(part);
            milliseconds += NumberUnits.Milliseconds(next, ReadUnit(), part);
        }

        string text = _text[start.._offset];
        if (milliseconds != decimal.Truncate(milliseconds) || milliseconds > NumberUnits.LongestMilliseconds)
        {
            throw new RuleException(
                place,
                $"the duration {text} must be a whole number of milliseconds, at most 100 years."
            );
        }

        return new(TokenKind.Duration, place, text, milliseconds);
    }

    private decimal ReadDigits(SourcePlace place)
    {
        int start = _offset;
        SkipDigits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _offset++;
            SkipDigits();
        }

        if (
            Peek() is 'e' or 'E'
            && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2))))
        )
        {
            _offset += 2;
            SkipDigits();
        }

        string digits = _text[start.._offset].Replace("_", "", StringComparison.Ordinal);
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
        {
            throw TooLarge(place, digits);
        }

        return value;
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()) || (Peek() == '_' && char.IsAsciiDigit(Peek(1))))
        {
            _offset++;
        }
    }

    private string ReadUnit()
    {
        int start = _offset;
        while (char.IsLetter(Peek()) || Peek() == '_')
        {
            _offset++;
        }

        return _text[start.._offset];
    }

    private static RuleException TooLarge(SourcePlace place, string number) =>
        new(place, $"the number {number} is too large.");

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);

    private static bool IsWordStart(char c) => char.IsLetter(c) || c is '_' or '$';
}
