using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Consents;

/// <summary>By which way a consent came in.</summary>
public enum ConsentSource : byte
{
    /// <summary>The trait <c>consent</c> of an identify.</summary>
    Identify = 1,

    /// <summary>A <see cref="ConsentEvent"/> of a producer.</summary>
    Event = 2,

    /// <summary>A <see cref="ConsentEvent"/> that a node wrote when it was told over its API.</summary>
    Api = 3,

    /// <summary>A <see cref="ConsentEvent"/> that a node wrote when somebody followed a link to unsubscribe.</summary>
    Unsubscribe = 4,
}

/// <summary>What a customer once said about being written to. It is kept, whatever is said before or after.</summary>
/// <param name="Channel">E.g. <c>email</c>; empty: all channels, with <paramref name="Granted"/> null.</param>
/// <param name="Purpose">E.g. <c>marketing</c>; null: every purpose that has no consent of its own.</param>
/// <param name="Granted">Null: from here on it is as if nothing had been said.</param>
/// <param name="At">When the customer said so: the event's time, at most <paramref name="LoggedAt"/>.</param>
/// <param name="LoggedAt">When the log took the event.</param>
/// <param name="Origin">Where it was said, in the producer's words.</param>
/// <param name="PolicyVersion">Of the text that the customer agreed to, in the producer's words.</param>
/// <param name="MessageId">Of the event.</param>
public sealed record ConsentStatement(
    CustomerId Customer,
    string Channel,
    string? Purpose,
    bool? Granted,
    Timestamp At,
    Timestamp LoggedAt,
    ConsentSource Source,
    string? Origin,
    string? PolicyVersion,
    string? MessageId
);

/// <summary>Receives consents as they come in, on the shard's thread, in the order of the log.</summary>
public interface IConsentSink
{
    void OnConsent(ConsentStatement statement);
}

/// <summary>The words for <see cref="ConsentSource"/> in events, answers and stores.</summary>
public static class ConsentSources
{
    public static string Word(this ConsentSource source) =>
        source switch
        {
            ConsentSource.Identify => "identify",
            ConsentSource.Event => "event",
            ConsentSource.Api => "api",
            ConsentSource.Unsubscribe => "unsubscribe",
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "not a source"),
        };
}
