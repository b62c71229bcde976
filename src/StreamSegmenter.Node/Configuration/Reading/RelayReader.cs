using StreamSegmenter.Connectors;
using StreamSegmenter.Hocon;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Puts together how each connector's pushes are delivered.</summary>
internal static class RelayReader
{
    private const string Section = "relay";

    /// <summary>By connector. What is wrong, and not with all connectors, goes to the problems.</summary>
    public static IReadOnlyDictionary<ConnectorName, RelayOptions> Read(
        RelayOptions usual,
        IReadOnlyDictionary<ConnectorName, ConnectorOptions> connectors,
        OptionSections options
    )
    {
        IReadOnlyList<string> known = usual.Validate();
        Dictionary<ConnectorName, RelayOptions> relays = [];
        foreach ((ConnectorName name, ConnectorOptions connector) in connectors)
        {
            RelayOptions relay = connector.RelayOver(usual);
            relays.Add(name, relay);
            HoconPath path = new("connectors", name.Value, Section);
            foreach (string violation in relay.Validate().Except(known, StringComparer.Ordinal))
            {
                string[] keys = violation[..violation.AsSpan().IndexOfAny(" :")].Split('.');
                options.Problems.Add(options.PlaceOf(new HoconPath([.. path.Keys, .. keys])), $"{path}.{violation}");
            }
        }

        return relays;
    }
}
