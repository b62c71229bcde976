using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Connectors;

/// <summary>Reads JSON strings that customers sent, whatever is in them.</summary>
internal static class JsonText
{
    /// <summary>
    /// The text of a JSON string. Half a surrogate pair, which JSON can spell and Unicode text cannot hold, becomes
    /// U+FFFD.
    /// </summary>
    public static string Of(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.String)
        {
            return Repair(element.GetRawText());
        }
    }

    private static string Repair(string quoted)
    {
        var repaired = new StringBuilder(quoted.Length);
        int at = 0;
        while (at < quoted.Length)
        {
            int length = EscapeLength(quoted, at);
            bool whole = length == 12 || !(length == 6 && char.IsSurrogate(Unit(quoted, at)));
            repaired.Append(whole ? quoted.AsSpan(at, length) : @"\ufffd");
            at += length;
        }

        return JsonSerializer.Deserialize<string>(repaired.ToString()) ?? "";
    }

    /// <summary>
    /// 12 for an escaped surrogate pair, 6 for another \u escape, 2 for a short one, 1 for a plain character.
    /// </summary>
    private static int EscapeLength(string quoted, int at)
    {
        if (quoted[at] != '\\')
        {
            return 1;
        }

        if (quoted[at + 1] != 'u')
        {
            return 2;
        }

        bool pair =
            char.IsHighSurrogate(Unit(quoted, at))
            && at + 12 <= quoted.Length
            && quoted[at + 6] == '\\'
            && quoted[at + 7] == 'u'
            && char.IsLowSurrogate(Unit(quoted, at + 6));
        return pair ? 12 : 6;
    }

    private static char Unit(string quoted, int at) =>
        (char)ushort.Parse(quoted.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
