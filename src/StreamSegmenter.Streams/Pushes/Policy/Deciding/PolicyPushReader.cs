using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>Reads what the policy needs from waiting pushes.</summary>
internal sealed class PolicyPushReader(PolicySettings settings)
{
    private const int MaxDepth = 1000;

    private readonly PushOptionsReader _options = new(settings.ReadDuration);

    private readonly Dictionary<string, PurposeTerms> _purposes = settings.Options.Purposes.ToDictionary(
        static purpose => purpose.Key,
        static purpose => PurposeTerms.Of(purpose.Key, purpose.Value),
        StringComparer.Ordinal
    );

    public IReadOnlyDictionary<string, PurposeTerms> Purposes => _purposes;

    /// <summary>The push; one whose content is not JSON is as if it said nothing.</summary>
    public PolicyPush Read(PendingPush pending, ConnectorPolicy connector)
    {
        try
        {
            using var content = JsonDocument.Parse(pending.Push.Content, new() { MaxDepth = MaxDepth });
            return Read(pending, connector, content.RootElement);
        }
        catch (JsonException)
        {
            return new(pending, connector, PurposeOf(default, connector), connector.Rules);
        }
    }

    /// <summary>What a configured entry asks for.</summary>
    public (PurposeTerms Purpose, PushRules Rules) ReadEntry(ReadOnlyMemory<byte> options, ConnectorPolicy connector)
    {
        using var entry = JsonDocument.Parse(options, new() { MaxDepth = MaxDepth });
        return (PurposeOf(entry.RootElement, connector), _options.Read(entry.RootElement, connector.Rules));
    }

    private PolicyPush Read(PendingPush pending, ConnectorPolicy connector, JsonElement content)
    {
        JsonElement options = ContentText.Find(content, PushContent.Options);
        string? address = connector.Address is null ? null : ContentText.At(content, connector.Address);
        return new(pending, connector, PurposeOf(options, connector), _options.Read(options, connector.Rules))
        {
            Parts = PartsOf(content, pending.MadeAt),
            Address = address is null ? null : Suppression.Of(connector.Channel, address),
            TimeZone = ContentText.At(content, $"{PushContent.Profile}.{settings.Options.TimeZoneTrait}"),
            Form = (ContentText.At(options, "template"), ContentText.At(options, "channel")),
        };
    }

    private static IReadOnlyList<PushPart> PartsOf(JsonElement content, Timestamp madeAt)
    {
        PushPart own = PartOf(content) with { At = madeAt };
        JsonElement digest = ContentText.Find(content, PushContent.Digest);
        return digest.ValueKind == JsonValueKind.Array
            ? [own, .. digest.EnumerateArray().Skip(1).Select(PartOf)]
            : [own];
    }

    private static PushPart PartOf(JsonElement item)
    {
        string? segment = ContentText.At(item, $"{PushContent.Segment}.name");
        string? number = ContentText.At(item, $"{PushContent.Transition}.number");
        string? at = ContentText.At(item, $"{PushContent.Transition}.at");
        return new(
            segment is null ? null : new SegmentName(segment),
            ContentText.At(item, $"{PushContent.Transition}.kind") == "exited"
                ? TransitionKind.Exited
                : TransitionKind.Entered,
            long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : 0,
            at is not null && Iso8601.TryParse(Encoding.UTF8.GetBytes(at), out Timestamp time)
                ? time
                : Timestamp.Beginning
        );
    }

    // A purpose that is configured no longer keeps its name: what customers said of it still counts, and where nothing
    // is left to tell what else it asks for, it asks for everything.
    private PurposeTerms PurposeOf(JsonElement options, ConnectorPolicy connector) =>
        ContentText.At(options, PolicyKeys.Purpose) is { } name
            ? _purposes.GetValueOrDefault(name) ?? PurposeTerms.Of(name, new())
            : _purposes[connector.Purpose];
}
