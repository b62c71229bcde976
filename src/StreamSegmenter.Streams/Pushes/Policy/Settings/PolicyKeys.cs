namespace StreamSegmenter.Streams.Pushes.Policy.Settings;

/// <summary>The keys of an <c>on-enter</c> or <c>on-exit</c> entry that the policy reads.</summary>
public static class PolicyKeys
{
    public const string Purpose = "purpose";
    public const string Importance = "importance";
    public const string Expires = "expires";
    public const string Recheck = "recheck";
    public const string Collapse = "collapse";
    public const string Digest = "digest";
    public const string OverCap = "over-cap";
    public const string IgnoreQuietHours = "ignore-quiet-hours";

    public static IReadOnlyList<string> All { get; } =
    [Purpose, Importance, Expires, Recheck, Collapse, Digest, OverCap, IgnoreQuietHours];
}
