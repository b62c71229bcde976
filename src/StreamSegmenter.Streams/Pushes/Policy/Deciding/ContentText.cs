using System.Text.Json;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>Reads texts from a push's content, which may hold anything.</summary>
internal static class ContentText
{
    /// <summary>The value at a path of keys such as <c>profile.email</c>; Undefined where there is none.</summary>
    public static JsonElement Find(JsonElement root, string path)
    {
        JsonElement element = root;
        foreach (string key in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return default;
            }
        }

        return element;
    }

    /// <summary>A simple value as text; null where there is none, or an empty one.</summary>
    public static string? Of(JsonElement element)
    {
        string? text = element.ValueKind switch
        {
            JsonValueKind.String => String(element),
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null : text;
    }

    public static string? At(JsonElement root, string path) => Of(Find(root, path));

    private static string? String(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escape of half a character.
            return null;
        }
    }
}
