using System.Text.Json;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>A push as it stands, for people.</summary>
/// <param name="Push">Its content is empty once it has expired.</param>
/// <param name="SettledAt">When it came to its end; null while it is pending.</param>
/// <param name="Reason">Of its end, or of its last failure.</param>
public sealed record StoredPush(
    OutboxPlace Place,
    Push Push,
    PushState State,
    Timestamp MadeAt,
    Timestamp NotBefore,
    Timestamp? SettledAt,
    string? Reason
)
{
    /// <summary>As in <see cref="PendingPush.GrantedAt"/>.</summary>
    public Timestamp? GrantedAt { get; init; }

    /// <summary>As in <see cref="PendingPush.UnknownAt"/>.</summary>
    public Timestamp? UnknownAt { get; init; }

    /// <summary>The push that carried it.</summary>
    public PushId? MergedInto { get; init; }

    /// <summary>The name of the segment in its content; null when there is none.</summary>
    public string? Segment
    {
        get
        {
            if (Push.Content.IsEmpty)
            {
                return null;
            }

            using var content = JsonDocument.Parse(Push.Content);
            return
                content.RootElement.TryGetProperty(PushContent.Segment, out JsonElement segment)
                && segment.ValueKind == JsonValueKind.Object
                && segment.TryGetProperty("name", out JsonElement name)
                ? name.GetString()
                : null;
        }
    }
}

/// <summary>A push with all that policy decided on it, as far as that is kept; the oldest first.</summary>
public sealed record PushHistory(StoredPush Push, IReadOnlyList<PushDecision> Decisions);
