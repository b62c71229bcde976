using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy.Settings;

/// <summary>What becomes of a push for which its caps leave no room.</summary>
public enum OverCap
{
    /// <summary>It waits until there is room.</summary>
    Defer = 1,

    /// <summary>It ends.</summary>
    Drop = 2,

    /// <summary>
    /// Of all that would wait at the same cap with this rule, the most important waits and the others
    /// end.
    /// </summary>
    Replace = 3,
}

/// <summary>How one push is treated; those of pushes that say nothing are the section <c>policy.defaults</c>.</summary>
public sealed record PushRules
{
    /// <summary>The longest time over which a digest may gather.</summary>
    internal static readonly TimeSpan LongestDigest = TimeSpan.FromDays(31);

    /// <summary>From 0 to 100: who comes first when caps leave room for some only.</summary>
    public int Importance { get; init; } = 50;

    /// <summary>A push that is not out so long after its transition ends; 0: it does not.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary>Whether the customer must still stand to the segment as the push says when it goes out.</summary>
    public bool Recheck { get; init; }

    /// <summary>Whether a push ends unsent when the customer has crossed back meanwhile.</summary>
    public bool Collapse { get; init; }

    /// <summary>For how long pushes gather to go out as one; 0: each goes out alone.</summary>
    public TimeSpan Digest { get; init; }

    public OverCap OverCap { get; init; } = OverCap.Defer;

    public bool IgnoreQuietHours { get; init; }

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (Importance is < 0 or > 100)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"importance = {Importance}: give 0 to 100");
        }

        if (Expires < TimeSpan.Zero)
        {
            yield return $"expires = {Expires.ToText()}: give a duration, or 0 for never";
        }

        if (Digest < TimeSpan.Zero || Digest > LongestDigest)
        {
            yield return $"digest = {Digest.ToText()}: give a duration up to 31d, or 0 for none";
        }
        else if (Expires > TimeSpan.Zero && Expires <= Digest)
        {
            yield return $"expires = {Expires.ToText()}: give more than digest = {Digest.ToText()}, or nothing lives "
                + "to be sent";
        }
    }
}

/// <summary>
/// What a connector says about its pushes, section <c>connectors.NAME.policy</c>; null: what is
/// usual.
/// </summary>
public sealed record ConnectorPolicyOptions
{
    /// <summary>What consents, caps and suppressions call this way to the customer. Default: by the type.</summary>
    public string? Channel { get; init; }

    /// <summary>What its pushes are for, unless an entry says otherwise. Default: by the type.</summary>
    public string? Purpose { get; init; }

    /// <summary>
    /// Where the address that could be suppressed is in a push, e.g. <c>profile.phone</c>. Default: where the connector
    /// looks for a recipient, if it does.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>As in <see cref="PushRules"/>; the same for what follows.</summary>
    public int? Importance { get; init; }

    public TimeSpan? Expires { get; init; }

    public bool? Recheck { get; init; }

    public bool? Collapse { get; init; }

    public TimeSpan? Digest { get; init; }

    public OverCap? OverCap { get; init; }

    public bool? IgnoreQuietHours { get; init; }

    /// <summary>The defaults, with what this says instead.</summary>
    public PushRules Over(PushRules defaults) =>
        new()
        {
            Importance = Importance ?? defaults.Importance,
            Expires = Expires ?? defaults.Expires,
            Recheck = Recheck ?? defaults.Recheck,
            Collapse = Collapse ?? defaults.Collapse,
            Digest = Digest ?? defaults.Digest,
            OverCap = OverCap ?? defaults.OverCap,
            IgnoreQuietHours = IgnoreQuietHours ?? defaults.IgnoreQuietHours,
        };
}
