using NodaTime;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>The settings, ready for decisions. Immutable.</summary>
internal sealed class PolicyTerms
{
    private readonly PolicySettings _settings;
    private readonly QuietHours _quietHours;
    private readonly Dictionary<string, QuietHours> _quietHoursByChannel = new(StringComparer.Ordinal);
    private readonly Dictionary<(SegmentName, ConnectorName), int> _entersPushed = [];
    private readonly HashSet<ConnectorName> _governed = [];

    public PolicyTerms(PolicySettings settings)
    {
        _settings = settings;
        Reader = new(settings);
        _quietHours = new(settings.Options.QuietHours.From, settings.Options.QuietHours.To);
        foreach ((string channel, ChannelPolicyOptions own) in settings.Options.Channels)
        {
            if (own.QuietHours is { } hours)
            {
                _quietHoursByChannel[channel] = new(hours.From, hours.To);
            }
        }

        foreach ((ConnectorName name, ConnectorPolicy connector) in settings.Connectors)
        {
            if (Asks(connector, Reader.Purposes[connector.Purpose], connector.Rules))
            {
                _governed.Add(name);
            }
        }

        foreach (SegmentActions segment in settings.Segments)
        {
            Add(segment);
        }
    }

    public PolicyPushReader Reader { get; }

    public IReadOnlyList<CapOptions> Caps => _settings.Options.Caps;

    public TimeSpan LongestCap => Caps.Select(static cap => cap.Within).DefaultIfEmpty().Max();

    public bool Governs(ConnectorName connector) => _governed.Contains(connector);

    public ConnectorPolicy? Find(ConnectorName connector) => _settings.Connectors.GetValueOrDefault(connector);

    /// <summary>How many pushes an enter causes at a connector; at least 1.</summary>
    public int EntersPushed(SegmentName segment, ConnectorName connector) =>
        Math.Max(1, _entersPushed.GetValueOrDefault((segment, connector)));

    public bool IsHeldOut(CustomerId customer) =>
        _settings.Options.Holdout > 0
        && HoldoutGroup.Holds($"{_settings.Options.HoldoutSalt}/{customer}", _settings.Options.Holdout);

    public bool IsHeldOut(CustomerId customer, SegmentName segment) =>
        _settings.Holdouts.GetValueOrDefault(segment) is > 0 and var percent
        && HoldoutGroup.Holds($"{_settings.Options.HoldoutSalt}/{segment}/{customer}", percent);

    /// <summary>When the push's quiet hours end; null when it is not quiet.</summary>
    public Timestamp? QuietUntil(PolicyPush push, Timestamp now) =>
        push.Purpose.QuietHours && !push.Rules.IgnoreQuietHours
            ? QuietHoursOf(push.Channel).EndAfter(now, ZoneOf(push))
            : null;

    public DateTimeZone ZoneOf(PolicyPush push) =>
        (push.TimeZone is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null) ?? _settings.TimeZone;

    /// <summary>Whether a cap counts what goes out on a channel for a purpose.</summary>
    public bool Counts(CapOptions cap, string? channel, string purpose) =>
        (cap.Channel is null || cap.Channel == channel)
        && (cap.Purpose is null || cap.Purpose == purpose)
        && (!Reader.Purposes.TryGetValue(purpose, out PurposeTerms? known) || known.Caps);

    private QuietHours QuietHoursOf(string channel) => _quietHoursByChannel.GetValueOrDefault(channel, _quietHours);

    private void Add(SegmentActions segment)
    {
        SegmentName name = segment.Segment.Name;
        bool hasHoldout = _settings.Holdouts.GetValueOrDefault(name) > 0;
        foreach (PushTarget target in segment.OnEnter)
        {
            _entersPushed[(name, target.To)] = _entersPushed.GetValueOrDefault((name, target.To)) + 1;
        }

        foreach (PushTarget target in segment.OnEnter.Concat(segment.OnExit))
        {
            if (Find(target.To) is not { } connector)
            {
                continue;
            }

            (PurposeTerms purpose, PushRules rules) = Reader.ReadEntry(target.Options, connector);
            if (hasHoldout || Asks(connector, purpose, rules))
            {
                _governed.Add(target.To);
            }
        }
    }

    /// <summary>Whether anything could keep the push from going out at once.</summary>
    public bool Asks(PolicyPush push) =>
        Asks(push.Connector, push.Purpose, push.Rules)
        || push.Parts.Any(part => part.Segment is { } segment && _settings.Holdouts.GetValueOrDefault(segment) > 0);

    private bool Asks(ConnectorPolicy connector, PurposeTerms purpose, PushRules rules)
    {
        QuietHours hours = QuietHoursOf(connector.Channel);
        return connector.Address is not null
            || purpose.Consent != ConsentRule.NotNeeded
            || (purpose.Holdout && _settings.Options.Holdout > 0)
            || (purpose.QuietHours && hours.From != hours.To)
            || Caps.Any(cap => Counts(cap, connector.Channel, purpose.Name))
            || rules.Expires > TimeSpan.Zero
            || rules.Digest > TimeSpan.Zero
            || rules.Recheck
            || rules.Collapse;
    }
}
