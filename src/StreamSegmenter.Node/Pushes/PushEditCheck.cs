using System.Text.Json;
using StreamSegmenter.Connectors;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Deciding;

namespace StreamSegmenter.Node.Pushes;

/// <summary>
/// Refuses options of pushes, edited by hand, that no configuration could say: what policy cannot read, and what the
/// connector cannot do, such as a template that there is not. Thread-safe.
/// </summary>
/// <param name="connectors">The settings of those that there are; of pushes to others only policy is asked.</param>
public sealed class PushEditCheck(
    PushOptionsCheck policy,
    ConnectorFactory factory,
    IReadOnlyDictionary<ConnectorName, ConnectorOptions> connectors
)
{
    /// <summary>What is wrong, naming the key and the cure; null when nothing is.</summary>
    /// <param name="before">The options so far. What was not changed is not complained about.</param>
    /// <param name="edited">A JSON object; a value of null counts as absent.</param>
    public string? Find(ConnectorName connector, JsonElement before, JsonElement edited) =>
        policy.Find(connector, before, edited)
        ?? (
            connectors.TryGetValue(connector, out ConnectorOptions? options)
                ? Mistakes(edited, options).Except(Mistakes(before, options)).FirstOrDefault()?.ToString()
                : null
        );

    private IReadOnlyList<OptionError> Mistakes(JsonElement options, ConnectorOptions connector) =>
        factory.CheckPush(PushContent.Options, SimpleValues(options), connector);

    private static Dictionary<string, string> SimpleValues(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object
            ? options
                .EnumerateObject()
                .Where(static option =>
                    option.Value.ValueKind
                        is JsonValueKind.String
                            or JsonValueKind.Number
                            or JsonValueKind.True
                            or JsonValueKind.False
                )
                .GroupBy(static option => option.Name, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => TextOf(group.Last()), StringComparer.Ordinal)
            : [];

    private static string TextOf(JsonProperty option)
    {
        try
        {
            return option.Value.ToString();
        }
        catch (InvalidOperationException)
        {
            return option.Value.GetRawText(); // half a surrogate pair, which names nothing
        }
    }
}
