using System.Buffers;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>What the ingest knows of an event beside its body.</summary>
public readonly record struct IngestEnvelope
{
    /// <summary>Length of a generated message id.</summary>
    public const int MaxMessageIdLength = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:"
    );

    /// <summary>Checks the generated message id, which is written into the event as it is.</summary>
    /// <param name="receivedAt">When the ingest received the event; replaces what the event says.</param>
    /// <param name="sentAt">The batch's <c>sentAt</c>, for events that have none of their own.</param>
    /// <param name="messageId">For an event without one: 1 to 64 ASCII letters, digits and <c>- _ . :</c></param>
    /// <exception cref="ArgumentException">The message id has another form.</exception>
    public IngestEnvelope(Timestamp receivedAt, Timestamp? sentAt = null, string? messageId = null)
    {
        if (messageId is not null && (messageId.Length is 0 or > MaxMessageIdLength || HasOtherCharacters(messageId)))
        {
            throw new ArgumentException(
                $"A generated message id has 1 to {MaxMessageIdLength} ASCII letters, digits and - _ . :",
                nameof(messageId)
            );
        }

        ReceivedAt = receivedAt;
        SentAt = sentAt;
        MessageId = messageId;
    }

    public Timestamp ReceivedAt { get; }

    public Timestamp? SentAt { get; }

    public string? MessageId { get; }

    private static bool HasOtherCharacters(string id) => id.AsSpan().ContainsAnyExcept(IdCharacters);
}
