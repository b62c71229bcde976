using System.Globalization;
using System.Text.Json;
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
        JsonElement digest = ContentText.Find(content, PushContent.Digest);
        string? segment = ContentText.At(content, $"{PushContent.Segment}.name");
        string? number = ContentText.At(content, $"{PushContent.Transition}.number");
        string? address = connector.Address is null ? null : ContentText.At(content, connector.Address);
        return new(pending, connector, PurposeOf(options, connector), _options.Read(options, connector.Rules))
        {
            Segment = segment is null ? null : new SegmentName(segment),
            Kind =
                ContentText.At(content, $"{PushContent.Transition}.kind") == "exited"
                    ? TransitionKind.Exited
                    : TransitionKind.Entered,
            Number = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : 0,
            Address = address is null ? null : Suppression.Of(connector.Channel, address),
            TimeZone = ContentText.At(content, $"{PushContent.Profile}.{settings.Options.TimeZoneTrait}"),
            Form = (ContentText.At(options, "template"), ContentText.At(options, "channel")),
            Count = digest.ValueKind == JsonValueKind.Array ? Math.Max(1, digest.GetArrayLength()) : 1,
        };
    }

    private PurposeTerms PurposeOf(JsonElement options, ConnectorPolicy connector) =>
        ContentText.At(options, PolicyKeys.Purpose) is { } name && _purposes.TryGetValue(name, out PurposeTerms? own)
            ? own
            : _purposes[connector.Purpose];
}
