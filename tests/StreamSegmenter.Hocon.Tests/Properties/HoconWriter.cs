using System.Text;
using System.Text.Encodings.Web;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests.Properties;

/// <summary>Writes a tree as HOCON, choosing at each place one of the forms that mean the same.</summary>
internal sealed class HoconWriter(Random random)
{
    private readonly StringBuilder _text = new();

    public static string Write(HoconObject root, int style)
    {
        var writer = new HoconWriter(new Random(style));
        if (writer.Chance())
        {
            writer.WriteFields(root);
        }
        else
        {
            writer.WriteObject(root);
        }
        return writer._text.ToString();
    }

    private void WriteObject(HoconObject o)
    {
        _text.Append('{');
        WriteFields(o);
        _text.Append('}');
    }

    private void WriteFields(HoconObject o)
    {
        WriteBlank();
        foreach (var (key, value) in o)
        {
            WriteField(Key(key), value);
            WriteSeparator();
        }
    }

    /// <summary>Writes a field, or several that mean the same.</summary>
    /// <param name="path">The keys that lead here from the braces around, written.</param>
    /// <param name="value">The value under them.</param>
    private void WriteField(string path, HoconValue value)
    {
        switch (value)
        {
            case HoconObject { Count: 1 } child when Chance():
                WriteField($"{path}.{Key(child.Keys.Single())}", child.Values.Single());
                break;
            case HoconObject { Count: > 1 } child when Chance():
                WriteInHalves(path, child);
                break;
            case HoconArray { Count: > 0 } array when Chance():
                WriteByAppending(path, array);
                break;
            default:
                if (value is not HoconObject && Chance(10)) // an object would not merge over what hides
                {
                    _text.Append($"{path} = ${{?no.such.value}} \"hidden\"\n{path} = null\n");
                }
                _text.Append(path);
                WriteAssignment(value);
                break;
        }
    }

    private void WriteInHalves(string path, HoconObject o)
    {
        var fields = o.ToList();
        var half = fields.Count / 2;
        foreach (var part in (List<KeyValuePair<string, HoconValue>>[])[fields[..half], fields[half..]])
        {
            _text.Append(path).Append(Chance() ? " {" : " = {\n");
            foreach (var (name, value) in part)
            {
                WriteField(Key(name), value);
                WriteSeparator();
            }
            _text.Append("}\n");
        }
    }

    private void WriteByAppending(string path, HoconArray array)
    {
        _text.Append(path).Append(" = []\n");
        foreach (var item in array)
        {
            _text.Append(path).Append(" += ");
            WriteValue(item);
            _text.Append('\n');
        }
    }

    private void WriteAssignment(HoconValue value)
    {
        var isObject = value is HoconObject;
        _text.Append(Pick(" = ", ":", "\t:\n  ", "=", isObject ? " " : " = "));
        WriteValue(value);
    }

    private void WriteValue(HoconValue value)
    {
        switch (value)
        {
            case HoconObject o:
                WriteObject(o);
                break;
            case HoconArray array:
                WriteArray(array);
                break;
            case HoconString s:
                WriteString(s.Text);
                break;
            default:
                _text.Append(value);
                break;
        }
    }

    private void WriteArray(HoconArray array)
    {
        _text.Append('[');
        WriteBlank();
        foreach (var item in array)
        {
            WriteValue(item);
            if (Chance(6))
            {
                _text.Append(" ] [ ");
            }
            else
            {
                WriteSeparator();
            }
        }
        _text.Append(']');
    }

    private void WriteString(string text)
    {
        var canBeUnquoted = IsWord(text) && text is not ("true" or "false" or "null") && !char.IsAsciiDigit(text[0]);
        if (canBeUnquoted && Chance())
        {
            _text.Append(text);
        }
        else if (!text.Contains("\"\"\"", StringComparison.Ordinal) && Chance(4))
        {
            _text.Append($"\"\"\"{text}\"\"\"");
        }
        else if (text.Length > 1 && !char.IsSurrogate(text[1]) && Chance(4))
        {
            _text.Append(Quoted(text[..1])).Append("${?no.such.value}").Append(Quoted(text[1..]));
        }
        else
        {
            _text.Append(Quoted(text));
        }
    }

    private string Key(string key) => IsWord(key) && key != "include" && Chance() ? key : Quoted(key);

    private void WriteSeparator()
    {
        _text.Append(Pick(",", "\n", " , ", "\n,\n", " # comment, }\n", " // comment ]\n\n", ","));
        WriteBlank();
    }

    private void WriteBlank() => _text.Append(Pick("", "", "", " ", "\n", "\t\u00A0", "# [ comment\n"));

    private bool Chance(int of = 2) => random.Next(of) == 0;

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private static bool IsWord(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text[0] != '-';

    private static string Quoted(string text) => $"\"{JavaScriptEncoder.Default.Encode(text)}\"";
}
