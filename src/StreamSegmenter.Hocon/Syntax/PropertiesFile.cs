using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>
/// Reads a Java <c>.properties</c> file: every value is a string, every period in a key separates,
/// and where a key is both a value and a parent the parent wins.
/// </summary>
internal static class PropertiesFile
{
    public static ObjectSyntax Parse(string text, string source)
    {
        var fields = Fields(text.TrimStart('\uFEFF'), source);
        var parents = new HashSet<HoconPath>();
        foreach (var field in fields)
        {
            for (var length = 1; length < field.Path.Keys.Length; length++)
            {
                parents.Add(new HoconPath(field.Path.Keys[..length]));
            }
        }
        var members = fields.Where(field => !parents.Contains(field.Path)).ToImmutableArray<MemberSyntax>();
        return new ObjectSyntax(HoconOrigin.Text(source, 1), members);
    }

    private static List<FieldSyntax> Fields(string text, string source)
    {
        var fields = new List<FieldSyntax>();
        foreach (var (line, number) in LogicalLines(text))
        {
            var origin = HoconOrigin.Text(source, number);
            var end = KeyEnd(line);
            var path = new HoconPath([.. Unescape(line.AsSpan(0, end), origin).Split('.')]);
            var value = line.AsSpan(end).TrimStart(" \t\f");
            if (value.StartsWith('=') || value.StartsWith(':'))
            {
                value = value[1..].TrimStart(" \t\f");
            }
            var literal = new LiteralSyntax(new HoconString(origin, Unescape(value, origin)));
            fields.Add(new FieldSyntax(origin, path, Appends: false, literal));
        }
        return fields;
    }

    /// <summary>Lines without blanks and comments, those that end in a backslash joined with the next.</summary>
    private static IEnumerable<(string Line, int Number)> LogicalLines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(' ', '\t', '\f');
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }
            var number = i + 1;
            var joined = new StringBuilder();
            while (EndsInContinuation(line) && i + 1 < lines.Length)
            {
                joined.Append(line, 0, line.Length - 1);
                line = lines[++i].TrimStart(' ', '\t', '\f');
            }
            joined.Append(line);
            yield return (joined.ToString(), number);
        }
    }

    private static bool EndsInContinuation(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static int KeyEnd(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] is '=' or ':' or ' ' or '\t' or '\f')
            {
                return i;
            }
        }
        return line.Length;
    }

    private static string Unescape(ReadOnlySpan<char> text, HoconOrigin origin)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i] == '\\' ? "" : text[i]);
                continue;
            }
            var c = text[++i];
            if (c == 'u')
            {
                result.Append(UnicodeEscape(text[(i + 1)..], origin));
                i += 4;
                continue;
            }
            result.Append(
                c switch
                {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    'f' => '\f',
                    _ => c,
                }
            );
        }
        return result.ToString();
    }

    private static char UnicodeEscape(ReadOnlySpan<char> digits, HoconOrigin origin) =>
        digits.Length >= 4
        && ushort.TryParse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : throw new HoconException(origin, "\\u must be followed by four hexadecimal digits");
}
