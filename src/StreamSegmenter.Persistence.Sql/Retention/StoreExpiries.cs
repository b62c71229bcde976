using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Persistence.Sql.Retention;

/// <summary>What a state store drops, and after how long.</summary>
internal static class StoreExpiries
{
    /// <param name="dropContents">Drops some contents of pushes that were over before an instant.</param>
    /// <param name="dropDecisions">Drops some decisions on pushes from before an instant.</param>
    /// <param name="dropLetters">Drops some dead letters from before an instant.</param>
    public static IReadOnlyList<Expiry> Of(
        RetentionOptions options,
        Func<Timestamp, ValueTask<ExpiryStep>> dropContents,
        Func<Timestamp, ValueTask<ExpiryStep>> dropDecisions,
        Func<Timestamp, ValueTask<ExpiryStep>> dropLetters,
        IAgedTransitions transitions
    ) =>
        [
            new("push contents", options.DeliveredRetention, dropContents),
            new("push decisions", options.DecisionRetention, dropDecisions),
            new("dead letters", options.DeadLetterRetention, dropLetters),
            new(
                "transitions",
                options.TransitionRetention,
                new HistoryExpiry(transitions, options.LongestCooldown).DropAsync
            ),
        ];
}
