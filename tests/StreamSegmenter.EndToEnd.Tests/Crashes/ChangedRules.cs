using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>A transition that has to be made. Corrections happen when they happen, so it has no time.</summary>
public sealed record ExpectedTransition(
    string Customer,
    string Segment,
    bool Entered,
    long Number,
    TransitionCause Cause,
    string? MessageId
);

/// <summary>
/// What has to come of a change of rules, worked out from the oracle alone: what the former rules made of the records
/// before it, the corrections between the two, and what the new rules make of the records after it. For rules that time
/// alone does not change.
/// </summary>
public sealed class ChangedRules
{
    private readonly IReadOnlyList<CrashSegment> _before;
    private readonly IReadOnlyList<CrashSegment> _after;

    public ChangedRules(
        IReadOnlyList<CrashSegment> before,
        IReadOnlyList<CrashSegment> after,
        IReadOnlyList<LogRecord> records,
        int recordsBefore
    )
    {
        (_before, _after) = (before, after);
        OracleRecord[] all = [.. records.Select(r => new OracleRecord(r.LogTime.Milliseconds, Text(r)))];
        var former = History(before, all[..recordsBefore]);
        var restated = History(after, all[..recordsBefore]);
        var current = History(after, all);
        foreach (var key in former.Keys.Union(current.Keys).Order())
        {
            Join(
                key,
                former.GetValueOrDefault(key, []),
                restated.GetValueOrDefault(key, []),
                current.GetValueOrDefault(key, [])
            );
        }
    }

    public List<ExpectedTransition> Transitions { get; } = [];

    /// <summary>Ids with their connectors.</summary>
    public List<(string Id, string Connector)> Pushes { get; } = [];

    private static string Text(LogRecord record) => System.Text.Encoding.UTF8.GetString(record.Payload.Span);

    private static Dictionary<(string Customer, string Segment), List<OracleTransition>> History(
        IReadOnlyList<CrashSegment> segments,
        IEnumerable<OracleRecord> records
    ) =>
        OracleRun
            .Simulate(CrashSegment.ForOracle(segments), records)
            .Transitions.GroupBy(t => (t.Customer, t.Segment))
            .ToDictionary(group => group.Key, group => group.ToList());

    private void Join(
        (string Customer, string Segment) key,
        List<OracleTransition> former,
        List<OracleTransition> restated,
        List<OracleTransition> current
    )
    {
        foreach (OracleTransition t in former)
        {
            Add(_before, key, t.Entered, TransitionCause.Event, t.MessageId, number: t.Sequence);
        }

        long number = former.Count;
        bool isMember = restated.Count > 0 && restated[^1].Entered;
        if (isMember != (former.Count > 0 && former[^1].Entered))
        {
            TransitionCause cause = isMember ? TransitionCause.Backfill : TransitionCause.Definition;
            Add(_after, key, isMember, cause, messageId: null, ++number);
        }

        foreach (OracleTransition t in current.Skip(restated.Count))
        {
            Add(_after, key, t.Entered, TransitionCause.Event, t.MessageId, ++number);
        }
    }

    private void Add(
        IReadOnlyList<CrashSegment> segments,
        (string Customer, string Segment) key,
        bool entered,
        TransitionCause cause,
        string? messageId,
        long number
    )
    {
        Transitions.Add(new(key.Customer, key.Segment, entered, number, cause, messageId));
        CrashSegment? segment = segments.FirstOrDefault(s => s.Name == key.Segment);
        bool pushes = cause == TransitionCause.Event || (cause == TransitionCause.Backfill && segment!.PushesBackfill);
        if (!pushes)
        {
            return;
        }

        Transition transition = new(new(key.Customer), new(key.Segment), default, default, cause, number, messageId);
        foreach (string connector in entered ? segment!.OnEnter : segment!.OnExit)
        {
            Pushes.Add((PushId.Derive(transition, new(connector), 1).Value, connector));
        }
    }
}
