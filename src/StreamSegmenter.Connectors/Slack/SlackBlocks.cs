using System.Text.Json;
using StreamSegmenter.Connectors.Chat;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// Cuts the texts of blocks to what Slack takes: one that is longer, be it for one customer's name, costs the whole
/// message.
/// </summary>
internal static class SlackBlocks
{
    private const int LongestText = 3_000;
    private const int LongestAlternative = 2_000;

    /// <param name="kind">The block or element around it, or where that has no type, its key.</param>
    /// <param name="key">Where it stands in that.</param>
    public static void Write(Utf8JsonWriter json, JsonElement element, string kind = "", string key = "")
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, element, kind, key);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(json, item, kind, key);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when key == "alt_text":
                json.WriteStringValue(ChatText.Cut(JsonText.Of(element), LongestAlternative));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement element, string kind, string key)
    {
        string type =
            element.TryGetProperty("type", out var written) && written.ValueKind == JsonValueKind.String
                ? JsonText.Of(written)
                : key;
        bool isText = type is "plain_text" or "mrkdwn";
        json.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (isText && member is { Name: "text", Value.ValueKind: JsonValueKind.String })
            {
                json.WriteStringValue(ChatText.Cut(JsonText.Of(member.Value), LongestIn(kind, key)));
            }
            else
            {
                Write(json, member.Value, type, member.Name);
            }
        }

        json.WriteEndObject();
    }

    private static int LongestIn(string kind, string key) =>
        (kind, key) switch
        {
            ("header", "text") => 150,
            ("section", "fields") => 2_000,
            ("image", "title") => 2_000,
            ("button", "text") => 75,
            ("options", "text" or "description") => 75,
            _ => LongestText,
        };
}
