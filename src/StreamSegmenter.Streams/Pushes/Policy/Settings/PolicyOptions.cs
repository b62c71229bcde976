using System.Globalization;
using NodaTime;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy.Settings;

/// <summary>
/// What may be sent to whom, how often and when. Checked as a whole by <see cref="Validate"/>. The defaults let out
/// what nobody refused.
/// </summary>
public sealed record PolicyOptions
{
    /// <summary>What messages are sent for, by name.</summary>
    public IReadOnlyDictionary<string, PurposeOptions> Purposes { get; init; } = PurposeOptions.BuiltIn;

    /// <summary>The rules of pushes for which neither their entry nor their connector says otherwise.</summary>
    public PushRules Defaults { get; init; } = new();

    /// <summary>How many of a hundred customers get nothing, 0 to 100; decimals count.</summary>
    public decimal Holdout { get; init; }

    /// <summary>Another salt draws other groups.</summary>
    public string HoldoutSalt { get; init; } = "streamsegmenter";

    /// <summary>When nothing is sent, in the customer's local time; of channels that have none of their own.</summary>
    public QuietHoursOptions QuietHours { get; init; } = new();

    /// <summary>The trait that holds a customer's time zone, by its name in the IANA database.</summary>
    public string TimeZoneTrait { get; init; } = "timezone";

    /// <summary>Of customers without one of their own; null: that of the calendar days in rules.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What is special about a channel, by name.</summary>
    public IReadOnlyDictionary<string, ChannelPolicyOptions> Channels { get; init; } =
        new Dictionary<string, ChannelPolicyOptions>(StringComparer.Ordinal);

    /// <summary>How many messages a customer may get; all of them hold.</summary>
    public IReadOnlyList<CapOptions> Caps { get; init; } = [];

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [.. Defaults.Validate().Select(static error => $"defaults.{error}")];
        Check(Holdout is >= 0 and <= 100, Text($"holdout = {Holdout}: give 0 to 100"));
        Check(TimeZoneTrait.Length > 0, "time-zone-trait: give the name of a trait, e.g. timezone");
        Check(
            TimeZone is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone) is not null,
            $"time-zone: unknown time zone \"{TimeZone}\"; give e.g. Europe/Berlin"
        );
        for (int i = 0; i < Caps.Count; i++)
        {
            CapOptions cap = Caps[i];
            string at = Text($"caps[{i}]");
            Check(cap.AtMost >= 1, Text($"{at}.at-most = {cap.AtMost}: give 1 or more"));
            Check(
                cap.Within > TimeSpan.Zero && cap.Within <= CapOptions.LongestWithin,
                $"{at}.within = {cap.Within.ToText()}: give a duration above 0, up to 366d"
            );
            Check(
                cap.Purpose is null || Purposes.ContainsKey(cap.Purpose),
                $"{at}.purpose: there is no purpose \"{cap.Purpose}\"; give one of {string.Join(", ", Purposes.Keys)}"
            );
        }

        return errors;

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// When nothing is sent: from one time of day, included, to another, excluded; over midnight if need
/// be.
/// </summary>
public sealed record QuietHoursOptions
{
    public TimeOnly From { get; init; }

    /// <summary>The same as <see cref="From"/>: there are no quiet hours.</summary>
    public TimeOnly To { get; init; }
}

/// <summary>What is special about a channel.</summary>
public sealed record ChannelPolicyOptions
{
    /// <summary>Instead of <see cref="PolicyOptions.QuietHours"/>; null: those.</summary>
    public QuietHoursOptions? QuietHours { get; init; }
}

/// <summary>A frequency cap: at most so many messages to one customer in every window (t - within, t].</summary>
public sealed record CapOptions
{
    /// <summary>More than a year need not be remembered.</summary>
    internal static readonly TimeSpan LongestWithin = TimeSpan.FromDays(366);

    /// <summary>Counts this channel alone; null: all of them together.</summary>
    public string? Channel { get; init; }

    /// <summary>Counts this purpose alone; null: all that have caps.</summary>
    public string? Purpose { get; init; }

    public required int AtMost { get; init; }

    public required TimeSpan Within { get; init; }
}
