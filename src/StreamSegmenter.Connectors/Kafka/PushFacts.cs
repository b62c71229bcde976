using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Kafka;

/// <summary>What a record tells of the transition.</summary>
/// <param name="Kind"><c>entered</c> or <c>exited</c>.</param>
/// <param name="At">In ISO 8601.</param>
internal sealed record PushFacts(string Segment, string Kind, string At)
{
    private const string Entered = "entered";
    private const string Exited = "exited";

    public bool HasEntered => Kind == Entered;

    public static bool TryRead(
        PushPayload payload,
        [NotNullWhen(true)] out PushFacts? facts,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        string? segment = payload.Text($"{PushContent.Segment}.name");
        string? kind = payload.Text($"{PushContent.Transition}.kind");
        string? at = payload.Text($"{PushContent.Transition}.at");
        bool isWhole = segment is not null && kind is Entered or Exited && at is not null;
        facts = isWhole ? new(segment!, kind!, at!) : null;
        refusal = isWhole ? null : DeliveryResult.Unsendable("The push's content tells of no transition of a segment.");
        return isWhole;
    }
}
