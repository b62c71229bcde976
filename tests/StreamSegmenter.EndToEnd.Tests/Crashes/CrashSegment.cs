using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Oracle;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>A segment with the connectors that hear of it.</summary>
public sealed record CrashSegment(string Name, string Rule)
{
    public TimeSpan Cooldown { get; init; }

    public IReadOnlyList<string> OnEnter { get; init; } = [];

    public IReadOnlyList<string> OnExit { get; init; } = [];

    /// <summary>Whether those who are members at once when the segment is new or edited are pushed, too.</summary>
    public bool PushesBackfill { get; init; }

    private string Hocon =>
        $$"""
            "{{Name}}" {
              rule = "{{Rule.Replace("\"", "\\\"", StringComparison.Ordinal)}}"
              cooldown = {{(long)Cooldown.TotalMilliseconds}}ms
              on-enter = [ {{Targets(OnEnter)}} ]
              on-exit = [ {{Targets(OnExit)}} ]
              backfill.push = {{(PushesBackfill ? "true" : "false")}}
            }
            """;

    private static string Targets(IEnumerable<string> connectors) =>
        string.Join(", ", connectors.Select(connector => $"{{ to = {connector} }}"));

    /// <summary>A configuration with short intervals, so that crashes meet all there is to meet.</summary>
    public static string Configuration(IEnumerable<CrashSegment> segments, WebhookReceiver receiver) =>
        $$"""
            shards {
              batch-records = 50
              checkpoint-interval = 400ms
              tick-interval = 20ms
              hot-customers = 4
              resident-customers = 8
            }
            relay { backoff-min = 50ms, backoff-max = 400ms, probe-interval = 300ms, stop-timeout = 5s }
            connectors {
            {{receiver.Connector("crm")}}
            {{receiver.Connector("desk")}}
            }
            segments {
            {{string.Join('\n', segments.Select(segment => segment.Hocon))}}
            }
            """;

    public static OracleConfig ForOracle(IEnumerable<CrashSegment> segments) =>
        new([.. segments.Select(segment => new OracleSegment(segment.Name, segment.Rule))]);
}
