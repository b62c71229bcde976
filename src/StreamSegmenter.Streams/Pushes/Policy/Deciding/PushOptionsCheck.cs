using System.Text.Json;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>
/// Refuses options of pushes, edited by hand, that policy could not read: what it cannot read counts as absent, and a
/// push could go to somebody who refused it. Thread-safe.
/// </summary>
public sealed class PushOptionsCheck(PolicySettings settings)
{
    private static readonly string[] s_keys =
    [
        PolicyKeys.Purpose,
        PolicyKeys.Importance,
        PolicyKeys.Expires,
        PolicyKeys.Recheck,
        PolicyKeys.Collapse,
        PolicyKeys.Digest,
        PolicyKeys.OverCap,
        PolicyKeys.IgnoreQuietHours,
    ];

    private readonly PushOptionsReader _reader = new(settings.ReadDuration);

    /// <summary>What is wrong, naming the key and the cure; null when nothing is.</summary>
    /// <param name="before">The options so far. What was not changed is not complained about.</param>
    /// <param name="edited">A JSON object; a value of null counts as absent.</param>
    public string? Find(ConnectorName connector, JsonElement before, JsonElement edited)
    {
        string[] changed = [.. s_keys.Where(key => IsChanged(key, before, edited))];
        foreach (string key in changed)
        {
            JsonElement value = ContentText.Find(edited, key);
            if (!Absent(value) && CureOf(key, ContentText.Of(value)) is { } cure)
            {
                return $"{key} = {value.GetRawText()}: {cure}";
            }
        }

        if (!changed.Contains(PolicyKeys.Expires) && !changed.Contains(PolicyKeys.Digest))
        {
            return null;
        }

        PushRules usual = settings.Connectors.TryGetValue(connector, out ConnectorPolicy? own) ? own.Rules : new();
        return _reader.Read(edited, usual).Validate().FirstOrDefault();
    }

    private static bool IsChanged(string key, JsonElement before, JsonElement edited)
    {
        JsonElement old = ContentText.Find(before, key);
        JsonElement now = ContentText.Find(edited, key);
        return Absent(old) || Absent(now) ? Absent(old) != Absent(now) : !JsonElement.DeepEquals(old, now);
    }

    private static bool Absent(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private string? CureOf(string key, string? text) =>
        key switch
        {
            PolicyKeys.Purpose when text is null || !settings.Options.Purposes.ContainsKey(text) =>
                $"give one of {string.Join(", ", settings.Options.Purposes.Keys.Order(StringComparer.Ordinal))}",
            PolicyKeys.Importance when PushOptionsReader.Importance(text) is null => "give a number from 0 to 100",
            PolicyKeys.OverCap when PushOptionsReader.OverCapOf(text) is null => "give one of defer, drop, replace",
            PolicyKeys.Expires or PolicyKeys.Digest when _reader.Duration(text) is null => "give a duration such as 3h",
            PolicyKeys.Recheck
            or PolicyKeys.Collapse
            or PolicyKeys.IgnoreQuietHours when PushOptionsReader.Flag(text) is null => "give true or false",
            _ => null,
        };
}
