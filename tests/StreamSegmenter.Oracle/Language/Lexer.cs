using System.Globalization;
using System.Text;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Language;

/// <summary>Cuts a rule's text into tokens.</summary>
internal sealed class Lexer(string text)
{
    private const long LongestDuration = 1_000_000_000_000_000;

    private static readonly string[] Symbols =
    [
        "!=",
        "<=",
        ">=",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "@",
        "+",
        "-",
        "*",
        "/",
        "=",
        "<",
        ">",
    ];

    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["ms"] = 1,
        ["s"] = 1000,
        ["m"] = 60_000,
        ["h"] = 3_600_000,
        ["d"] = 86_400_000,
        ["w"] = 604_800_000,
    };

    private int _at;

    public static IReadOnlyList<Token> Tokens(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        do
        {
            tokens.Add(lexer.Next());
        } while (tokens[^1].Kind != TokenKind.End);

        return tokens;
    }

    private char Current => Peek(0);

    private Token Next()
    {
        SkipBlanks();
        var position = PositionOf(_at);
        if (_at == text.Length)
        {
            return new(TokenKind.End, "", 0, position);
        }

        if (IsNameStart(Current))
        {
            return new(TokenKind.Word, TakeWhile(IsNamePart), 0, position);
        }

        if (char.IsAsciiDigit(Current))
        {
            return Number(position);
        }

        return Current is '"' or '\'' ? Text(position) : Symbol(position);
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && (char.IsWhiteSpace(Current) || Current == '#'))
        {
            if (Current == '#')
            {
                TakeWhile(c => c != '\n');
            }
            else
            {
                _at++;
            }
        }
    }

    private Token Number(Position position)
    {
        var digits = TakeWhile(c => char.IsAsciiDigit(c) || c == '_');
        if (Current == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            digits += "." + TakeWhile(c => char.IsAsciiDigit(c) || c == '_');
        }

        var number = Exact.Parse(digits.Replace("_", "", StringComparison.Ordinal));
        var suffix = TakeWhile(IsUnitPart);
        return suffix switch
        {
            "" => new(TokenKind.Number, digits, number, position),
            "k" => new(TokenKind.Number, digits + suffix, number * 1000, position),
            "M" => new(TokenKind.Number, digits + suffix, number * 1_000_000, position),
            _ => Duration(digits + suffix, number, suffix, position),
        };
    }

    /// <summary>Further parts may follow without a blank: <c>1h30m</c>.</summary>
    private Token Duration(string content, Exact number, string suffix, Position position)
    {
        if (!Units.TryGetValue(suffix, out var unit))
        {
            throw new RuleError(
                position,
                $"unknown unit '{suffix}'; expected ms, s, m, h, d, w, or k or M for a number"
            );
        }

        var milliseconds = number * unit;
        if (char.IsAsciiDigit(Current))
        {
            var next = Number(PositionOf(_at));
            return next.Kind == TokenKind.Duration
                ? new(TokenKind.Duration, content + next.Content, milliseconds + next.Amount, position)
                : throw new RuleError(position, $"'{content}{next.Content}' ends without a unit of time");
        }

        if (milliseconds.Scale > 0 || Exact.Compare(milliseconds, LongestDuration) > 0)
        {
            throw new RuleError(position, $"'{content}' is not a whole number of milliseconds within reason");
        }

        return new(TokenKind.Duration, content, milliseconds, position);
    }

    private Token Text(Position position)
    {
        var content = new StringBuilder();
        var quote = Current;
        _at++;
        while (Current != quote)
        {
            if (_at >= text.Length)
            {
                throw new RuleError(position, $"the string is never closed; expected {quote}");
            }

            content.Append(Current == '\\' ? Escape() : Current);
            _at++;
        }

        _at++;
        return new(TokenKind.Text, content.ToString(), 0, position);
    }

    private char Escape()
    {
        var position = PositionOf(_at);
        _at++;
        switch (Current)
        {
            case '"' or '\'' or '\\' or '/':
                return Current;
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when ushort.TryParse(Slice(_at + 1, 4), NumberStyles.AllowHexSpecifier, null, out var unit):
                _at += 4;
                return (char)unit;
            default:
                throw new RuleError(position, "unknown escape; expected \\\", \\\\, \\/, \\n, \\r, \\t or \\uXXXX");
        }
    }

    private Token Symbol(Position position)
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new(TokenKind.Symbol, symbol, 0, position);
            }
        }

        throw new RuleError(position, $"unexpected character '{Current}'");
    }

    private string TakeWhile(Predicate<char> wanted)
    {
        var start = _at;
        while (_at < text.Length && wanted(Current))
        {
            _at++;
        }

        return text[start.._at];
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private string Slice(int start, int length) => start + length <= text.Length ? text.Substring(start, length) : "";

    private Position PositionOf(int index)
    {
        var before = text[..index];
        return new(before.Count(c => c == '\n') + 1, index - before.LastIndexOf('\n'));
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsUnitPart(char c) => char.IsLetter(c) || c == '_';
}
