using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>
/// Reads the rules that a push brings. They were checked when the configuration was loaded, but that may be long ago: a
/// value that cannot be read counts as absent.
/// </summary>
internal sealed class PushOptionsReader(DurationReader readDuration)
{
    public PushRules Read(JsonElement options, PushRules usual) =>
        options.ValueKind != JsonValueKind.Object
            ? usual
            : new()
            {
                Importance = Importance(Text(options, PolicyKeys.Importance)) ?? usual.Importance,
                Expires = Duration(Text(options, PolicyKeys.Expires)) ?? usual.Expires,
                Recheck = Flag(Text(options, PolicyKeys.Recheck)) ?? usual.Recheck,
                Collapse = Flag(Text(options, PolicyKeys.Collapse)) ?? usual.Collapse,
                Digest = Duration(Text(options, PolicyKeys.Digest)) ?? usual.Digest,
                OverCap = OverCapOf(Text(options, PolicyKeys.OverCap)) ?? usual.OverCap,
                IgnoreQuietHours = Flag(Text(options, PolicyKeys.IgnoreQuietHours)) ?? usual.IgnoreQuietHours,
            };

    private static string? Text(JsonElement options, string key) =>
        options.TryGetProperty(key, out JsonElement value) ? ContentText.Of(value) : null;

    public static int? Importance(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 100
            ? number
            : null;

    public TimeSpan? Duration(string? text) =>
        text is not null && readDuration(text, out TimeSpan duration) && duration >= TimeSpan.Zero ? duration : null;

    public static bool? Flag(string? text) =>
        text switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => null,
        };

    public static OverCap? OverCapOf(string? text) =>
        text switch
        {
            "defer" => OverCap.Defer,
            "drop" => OverCap.Drop,
            "replace" => OverCap.Replace,
            _ => null,
        };
}
