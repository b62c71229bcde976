using StreamSegmenter.Oracle.Evaluation;
using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;

namespace StreamSegmenter.Oracle;

/// <summary>
/// What StreamSegmenter's rules mean, worked out in the slowest and most obvious way: all events are kept, and at
/// every instant that might matter everything is computed anew. Shares no code with the product.
/// </summary>
public static class OracleRun
{
    /// <summary>
    /// Log time is <c>receivedAt</c>, else the event time, made non-decreasing. Blank lines are skipped. At the end the
    /// clock moves to <paramref name="until"/>, inclusive; without it nothing happens after the last record.
    /// </summary>
    /// <exception cref="OracleLoadException">A rule must be refused.</exception>
    public static OracleResult Simulate(
        OracleConfig config,
        IEnumerable<string> ndjsonLines,
        DateTimeOffset? until = null
    ) => Run(config, ndjsonLines.Select(line => ((OracleRecord?)null, line)), until);

    /// <summary>The same over records that carry the time of their log.</summary>
    /// <exception cref="OracleLoadException">A rule must be refused.</exception>
    public static OracleResult Simulate(
        OracleConfig config,
        IEnumerable<OracleRecord> records,
        DateTimeOffset? until = null
    ) => Run(config, records.Select(record => ((OracleRecord?)record, record.Json)), until);

    /// <summary>Loads the rules and nothing else.</summary>
    /// <exception cref="OracleLoadException">A rule must be refused.</exception>
    public static void Check(OracleConfig config) => RuleSet.Load(config.Segments);

    private static OracleResult Run(
        OracleConfig config,
        IEnumerable<(OracleRecord? Record, string Json)> input,
        DateTimeOffset? until
    )
    {
        var shard = new OracleShard(config);
        var deadLetters = new List<OracleDeadLetter>();
        var unread = new List<OracleDeadLetter>();
        var line = 0;
        foreach (var (record, json) in input)
        {
            line++;
            if (string.IsNullOrWhiteSpace(json))
            {
                continue;
            }

            try
            {
                var decoded = DecodedEvent.Decode(json);
                var logTime = record?.LogTime ?? Math.Max(shard.Clock, decoded.ReceivedAt ?? decoded.EventTime);
                var isNew = shard.Append(decoded, logTime, Math.Max(record?.Clock ?? logTime, logTime));
                if (isNew && !Answers.AreClear(decoded.Name, decoded.Payload, decoded.Envelope))
                {
                    unread.Add(new(line, "unclear consent", json));
                }
            }
            catch (InvalidEventException invalid)
            {
                deadLetters.Add(new(line, invalid.Message, json));
            }
        }

        if (until is { } end)
        {
            shard.MoveTo(end.ToUnixTimeMilliseconds());
        }

        return new(shard.Transitions, deadLetters) { UnreadConsents = unread };
    }
}
