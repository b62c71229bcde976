using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>What is known of a customer when a decision about pushes is made. Committed facts only.</summary>
/// <param name="Consents">The newest for each channel and purpose.</param>
/// <param name="Suppressions">Those that <see cref="IPushPolicy.AddressOf"/> names for the pushes asked about.</param>
/// <param name="Grants">Pushes that count since <see cref="IPushPolicy.GrantsReach"/> ago and may have reached
/// the customer: pending, delivered, of unknown outcome, or dead after an attempt that nobody knows the end of; and
/// those of the pushes asked about, however old. Not those merged into another: that one has the grant.</param>
/// <param name="Standings">Of every segment with a transition of the customer.</param>
/// <param name="Unsent">Pushes that ended without any attempt: dropped, or merged into another that was.</param>
public sealed record CustomerFacts(
    CustomerId Customer,
    IReadOnlyList<Consent> Consents,
    IReadOnlySet<Suppression> Suppressions,
    IReadOnlyList<Grant> Grants,
    IReadOnlyDictionary<SegmentName, Standing> Standings,
    IReadOnlySet<PushId> Unsent
);

/// <summary>What a customer said about being written to.</summary>
/// <param name="Channel">E.g. <c>email</c>.</param>
/// <param name="Purpose">E.g. <c>marketing</c>; null: for every purpose that has no consent of its own.</param>
/// <param name="At">When the customer said so: the event's time.</param>
public sealed record Consent(string Channel, string? Purpose, bool Granted, Timestamp At);

/// <summary>An address that nothing is to be sent to.</summary>
/// <param name="Channel">E.g. <c>email</c>.</param>
/// <param name="Address">As the channel compares them; mail addresses in lower case.</param>
public sealed record Suppression(string Channel, string Address)
{
    /// <summary>The channel whose addresses are those of mail.</summary>
    public const string MailChannel = "email";

    /// <summary>An address as its channel compares it.</summary>
    public static Suppression Of(string channel, string address)
    {
#pragma warning disable CA1308 // lists of addresses are in lower case everywhere
        return new(channel, channel == MailChannel ? address.Trim().ToLowerInvariant() : address);
#pragma warning restore CA1308
    }
}

/// <summary>A push that was let out.</summary>
/// <param name="Purpose">As in the <see cref="PolicyDecision.Send"/> that let it out.</param>
/// <param name="At">From when on it counts: while it is pending, the instant for which that was decided; once it is
/// delivered, or an attempt without an answer was its end, the instant of that. Otherwise that of the decision.</param>
public sealed record Grant(PushId Push, ConnectorName Connector, string Purpose, Timestamp At);

/// <summary>How a customer stands to a segment after the newest transition.</summary>
/// <param name="Number">Of that transition.</param>
public readonly record struct Standing(long Number, bool IsMember);
