using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>The events of a case as lines of JSON, and what is written beside them.</summary>
/// <param name="Last">The latest time that stands in them.</param>
internal sealed record CaseEvents(
    IReadOnlyList<string> Lines,
    DateTimeOffset Last,
    string? Zone,
    TimeSpan? DedupeHorizon
)
{
    private static readonly string[] Types = ["page", "screen", "identify", "group", "alias"];

    public static CaseEvents Parse(string text)
    {
        var lines = new List<string>();
        DateTimeOffset last = CaseTime.Base;
        string? zone = null;
        TimeSpan? horizon = null;
        foreach (string item in text.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            if (item.StartsWith("zone ", StringComparison.Ordinal))
            {
                zone = item[5..];
            }
            else if (item.StartsWith("dedupe ", StringComparison.Ordinal))
            {
                horizon = CaseTime.Duration(item[7..]);
            }
            else
            {
                (string line, DateTimeOffset at) = Event(Words(item));
                lines.Add(line);
                last = at > last ? at : last;
            }
        }

        return new(lines, last, zone, horizon);
    }

    private static (string Line, DateTimeOffset At) Event(List<string> words)
    {
        string[] times = words[0].Split('~');
        DateTimeOffset at = CaseTime.Parse(times[0]);
        DateTimeOffset received = CaseTime.Parse(times[^1]);
        JsonObject json = Skeleton(words[1]);
        json["userId"] = "c";
        if (json["originalTimestamp"] is null)
        {
            json["timestamp"] = CaseTime.Iso(at);
        }

        json["receivedAt"] = CaseTime.Iso(received);
        var body = new JsonObject();
        foreach (string word in words.Skip(2))
        {
            if (word[0] is '@' or '#')
            {
                json[word[0] == '@' ? "userId" : "messageId"] = word[1..];
            }
            else
            {
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                body[word[..equals]] = Value(word[(equals + 1)..]);
            }
        }

        if (body.Count > 0)
        {
            json[json["type"]!.GetValue<string>() is "identify" or "group" ? "traits" : "properties"] = body;
        }

        return (json.ToJsonString(), at > received ? at : received);
    }

    private static JsonObject Skeleton(string word) =>
        word switch
        {
            ['{', ..] => JsonNode.Parse(word)!.AsObject(),
            _ when Types.Contains(word, StringComparer.Ordinal) => new() { ["type"] = word },
            _ => new() { ["type"] = "track", ["event"] = word.Trim('"') },
        };

    /// <summary>JSON, or else a string without its quotes.</summary>
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    /// <summary>Cuts at blanks, but not inside of quotes, brackets and braces.</summary>
    private static List<string> Words(string item)
    {
        var words = new List<string>();
        int start = 0;
        int depth = 0;
        bool quoted = false;
        for (int i = 0; i <= item.Length; i++)
        {
            if (i == item.Length || (item[i] == ' ' && depth == 0 && !quoted))
            {
                words.Add(item[start..i]);
                start = i + 1;
                continue;
            }

            quoted ^= item[i] == '"' && (i == 0 || item[i - 1] != '\\');
            depth += quoted ? 0 : Nesting(item[i]);
        }

        words.RemoveAll(static word => word.Length == 0);
        return words.Count >= 2
            ? words
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"No event: {item}"));
    }

    private static int Nesting(char c) =>
        c switch
        {
            '[' or '{' => 1,
            ']' or '}' => -1,
            _ => 0,
        };
}
