using System.Globalization;
using NodaTime;
using StreamSegmenter.Connectors;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Units;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Checks what connectors and segments say to the policy, and puts its settings together.</summary>
internal sealed class PolicyReader(
    PolicyOptions policy,
    OptionSections options,
    IReadOnlyDictionary<ConnectorName, ConnectorOptions> connectors,
    IReadOnlyList<SegmentReading> segments
)
{
    private const string Section = "policy";
    private static readonly string[] OverCapWords = ["defer", "drop", "replace"];

    // Where a push's content has what was given by the customer, the event or the entry.
    private static readonly string[] AddressRoots =
    [
        $"{PushContent.Profile}.",
        $"{PushContent.Event}.",
        $"{PushContent.Options}.",
    ];

    private readonly List<string> _purposes = [.. policy.Purposes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The settings. They are of use only when nothing was wrong.</summary>
    public PolicySettings ToSettings(DateTimeZone zone) =>
        new()
        {
            Options = policy,
            TimeZone = policy.TimeZone is { } own ? DateTimeZoneProviders.Tzdb[own] : zone,
            Connectors = connectors.ToDictionary(
                static connector => connector.Key,
                connector => connector.Value.PolicyOver(policy.Defaults)
            ),
            Segments = [.. segments.Select(static segment => segment.ToActions())],
            Holdouts = segments.ToDictionary(
                static segment => segment.Definition.Name,
                static segment => segment.Holdout
            ),
            ReadDuration = HoconDuration.TryParse,
        };

    /// <summary>Reports everything that would be wrong with the settings.</summary>
    public void Check()
    {
        foreach (var (name, connector) in connectors)
        {
            CheckConnector(new HoconPath("connectors", name.Value, Section), connector);
        }

        foreach (var push in segments.SelectMany(static segment => segment.OnEnter.Concat(segment.OnExit)))
        {
            if (connectors.TryGetValue(push.Target.To, out var connector))
            {
                CheckPush(push, connector);
            }
        }

        CheckQuietHours();
        foreach (var channel in policy.Channels.Keys)
        {
            var key = new HoconPath(Section, "channels", channel);
            CheckChannel(key, key.ToString(), channel);
        }

        for (var i = 0; i < policy.Caps.Count; i++)
        {
            if (policy.Caps[i].Channel is { } channel)
            {
                var index = i.ToString(CultureInfo.InvariantCulture);
                CheckChannel(
                    new HoconPath(Section, "caps", index, "channel"),
                    $"policy.caps[{index}].channel",
                    channel
                );
            }
        }
    }

    // A default beside a time that was written would make hours that nobody meant, or none.
    private void CheckQuietHours()
    {
        var from = new HoconPath(Section, "quiet-hours", "from");
        var to = new HoconPath(Section, "quiet-hours", "to");
        if (IsDefault(from) != IsDefault(to))
        {
            var (missing, written) = IsDefault(from) ? (from, to) : (to, from);
            options.Problems.Add(
                options.PlaceOf(written),
                missing.ToString(),
                "has no value",
                "write from and to, e.g. quiet-hours { from = \"21:00\", to = \"08:00\" }"
            );
        }
    }

    private bool IsDefault(HoconPath key) => ReferenceConfiguration.Holds(options.PlaceOf(key));

    private void CheckConnector(HoconPath path, ConnectorOptions connector)
    {
        var own = connector.Policy;
        if (own.Purpose is { } purpose && !_purposes.Contains(purpose))
        {
            var cure = NearMiss.Find(purpose, _purposes) is { } meant
                ? $"did you mean {meant}?"
                : $"write one of {string.Join(", ", _purposes)}, or add it to policy.purposes";
            Report(path.Append("purpose"), $"there is no purpose \"{purpose}\"", cure);
        }

        if (own.Channel is "" || own.Address is "")
        {
            Report(
                path.Append(own.Channel is "" ? "channel" : "address"),
                "is empty",
                "write a name, or remove the key"
            );
        }

        if (own.Address is { Length: > 0 } address && !IsInPush(address))
        {
            Report(
                path.Append("address"),
                $"a push has nothing at \"{address}\"",
                $"begin with {string.Join(", ", AddressRoots)}, e.g. profile.phone, or write {PushContent.Customer}"
            );
        }

        foreach (var violation in Violations(own.Over(policy.Defaults)))
        {
            options.Problems.Add(options.PlaceOf(path.Append(KeyOf(violation))), $"{path}.{violation}");
        }
    }

    private void CheckPush(PushReading push, ConnectorOptions connector)
    {
        var before = options.Problems.Count;
        var reader = new ObjectReader(push.Path, push.Entry, options.Problems);
        reader.RefuseLikenesses([.. PolicyKeys.All, .. connector.EntryKeys]);
        _ = reader.ReadWord(PolicyKeys.Purpose, _purposes);
        _ = reader.ReadWord(PolicyKeys.OverCap, OverCapWords);
        _ = reader.ReadInteger(PolicyKeys.Importance, 0, 100);
        _ = reader.ReadBoolean(PolicyKeys.Recheck);
        _ = reader.ReadBoolean(PolicyKeys.Collapse);
        _ = reader.ReadBoolean(PolicyKeys.IgnoreQuietHours);
        var own = new ConnectorPolicyOptions
        {
            Expires = Has(push, PolicyKeys.Expires) ? reader.ReadDuration(PolicyKeys.Expires) : null,
            Digest = Has(push, PolicyKeys.Digest) ? reader.ReadDuration(PolicyKeys.Digest) : null,
        };
        if (options.Problems.Count > before || (own.Expires ?? own.Digest) is null)
        {
            return;
        }

        foreach (var violation in Violations(own.Over(connector.PolicyOver(policy.Defaults).Rules)))
        {
            options.Problems.Add(reader.PlaceOf(KeyOf(violation)), $"{push.Path}.{violation}");
        }
    }

    private void CheckChannel(HoconPath key, string shown, string channel)
    {
        // One that could not be read may have it.
        if (options.Names("connectors").Count() > connectors.Count)
        {
            return;
        }

        List<string> known =
        [
            .. connectors
                .Values.Select(connector => connector.PolicyOver(policy.Defaults).Channel)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        if (!known.Contains(channel))
        {
            var cure = NearMiss.Find(channel, known) is { } meant
                ? $"did you mean {meant}?"
                : "set connectors.NAME.policy.channel, or remove it";
            options.Problems.Add(options.PlaceOf(key), shown, $"no connector has the channel \"{channel}\"", cure);
        }
    }

    /// <summary>What is wrong with rules, unless it is wrong with the defaults already.</summary>
    private IEnumerable<string> Violations(PushRules rules) => policy.Defaults.Validate().Any() ? [] : rules.Validate();

    private void Report(HoconPath key, string problem, string cure) =>
        options.Problems.Add(options.PlaceOf(key), key.ToString(), problem, cure);

    private static bool IsInPush(string address) =>
        address == PushContent.Customer
        || Array.Exists(
            AddressRoots,
            root => address.StartsWith(root, StringComparison.Ordinal) && address.Split('.').All(key => key.Length > 0)
        );

    private static string KeyOf(string violation) => violation[..violation.IndexOf(' ', StringComparison.Ordinal)];

    private static bool Has(PushReading push, string key) =>
        push.Entry.TryGetValue(key, out var value) && value is not HoconNull;
}
