using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration;

/// <summary>How long events are recognised when they come again, section <c>dedupe</c>.</summary>
/// <param name="Horizon">At least this long; longer while a rule's window still holds the event.</param>
public sealed record DedupeOptions([property: DurationRange("0s", "36500d")] TimeSpan Horizon);
