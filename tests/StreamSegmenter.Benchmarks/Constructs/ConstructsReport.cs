using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks.Constructs;

/// <summary>
/// What one event costs for each construct of the language, the best of four passes, with 168 entries in its window,
/// beside a plain list of events: <c>dotnet run -c Release -- constructs [events]</c>. The list is given events that
/// are decoded already, and does not notice the passing of time. The exit code is 1 if both do not end with the same
/// members.
/// </summary>
internal static class ConstructsReport
{
    private const int Customers = 200;
    private const int Passes = 4;
    private const long Hour = 3_600_000;

    private static readonly (string Name, string Rule, bool Forgets, Func<PlainTimeline, bool> Plain)[] Constructs =
    [
        ("count", "count(a, 7d) >= 100", true, t => t.Events.Count >= 100),
        ("sum", "sum(a.n, 7d) > 8000", true, t => t.Events.Sum(e => e.Number) > 8000),
        ("avg", "avg(a.n, 7d) > 50", true, t => t.Events.Average(e => e.Number) > 50),
        ("min", "min(a.n, 7d) > 0", true, t => t.Events.Min(e => e.Number) > 0),
        ("max", "max(a.n, 7d) < 99", true, t => t.Events.Max(e => e.Number) < 99),
        (
            "distinct",
            "distinct(a.k, 7d) >= 40",
            true,
            t => t.Events.DistinctBy(e => e.Key, StringComparer.Ordinal).Count() >= 40
        ),
        ("mode", "mode(a.k, 7d) = \"k7\"", true, t => Mode(t) == "k7"),
        ("days", "days(a, 7d) >= 8", true, t => t.Events.Select(e => e.Time / (24 * Hour)).Distinct().Count() >= 8),
        ("since", "since(a where k = \"k7\") > 2d", false, t => t.Now - LastOf(t, "k7") > 48 * Hour),
        ("sequence", "sequence(a where k = \"k1\" then a where k = \"k2\", 7d)", false, t => t.Follows("k1", "k2")),
        ("for", "sum(a.n, 7d) > 8000 for 6h", true, t => t.HasHeld(t.Events.Sum(e => e.Number) > 8000, 6 * Hour)),
        ("calendar", "count(a, this day) >= 12", true, t => t.Events.Count(e => IsToday(t, e)) >= 12),
        (
            "after last",
            "count(a, after last(a where k = \"k7\")) > 30",
            false,
            t => CountAfter(t, LastOf(t, "k7") ?? 0) > 30
        ),
    ];

    public static int Run(int events)
    {
        var stream = new (byte[] Json, CustomerId Customer, PlainEvent Event)[events];
        var random = new Random(1);
        for (int i = 0; i < events; i++)
        {
            var at = new Timestamp(1_700_006_400_000 + (i / Customers * Hour));
            var plain = new PlainEvent(at.Milliseconds, random.Next(100), $"k{random.Next(50)}");
            string json = string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                {"type":"track","event":"a","userId":"c{{{i % Customers}}}","timestamp":"{{{at}}}",
                 "properties":{"n":{{{plain.Number}}},"k":"{{{plain.Key}}}"}}
                """
            );
            stream[i] = (Encoding.UTF8.GetBytes(json), new($"c{i % Customers}"), plain);
        }

        (double nothing, _, _) = Best(() => Engine("profile.nothing = 1", stream));
        Console.WriteLine("construct     engine ns   list ns   bytes a customer");
        Print("(decoding)", nothing, null, 0);
        bool same = true;
        foreach ((string name, string rule, bool forgets, Func<PlainTimeline, bool> condition) in Constructs)
        {
            (double engine, HashSet<string> members, double bytes) = Best(() => Engine(rule, stream));
            (double list, HashSet<string> plainMembers, _) = Best(() => Plain(condition, forgets, stream));
            Print(name, engine, list, bytes);
            if (!members.SetEquals(plainMembers))
            {
                same = false;
                Console.WriteLine($"  differs: {members.Count} members, and {plainMembers.Count} by the list");
            }
        }

        return same ? 0 : 1;
    }

    private static void Print(string name, double engine, double? list, double bytes) =>
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{name, -12}{engine, 11:N0}{list, 10:N0}{bytes, 19:N0}")
        );

    private static (double Nanoseconds, HashSet<string> Members, double Bytes) Engine(
        string rule,
        (byte[] Json, CustomerId Customer, PlainEvent Event)[] stream
    )
    {
        SegmentDefinition[] segments = [new(new("s"), "", rule, TimeSpan.Zero)];
        var rules = ((RuleSetResult.Compiled)RuleSet.Compile(segments, RuleSetOptions.Default)).Rules;
        var sink = new Members();
        var limits = new ShardLimits(EventLimits.Default, HotCustomers: Customers, MaxTimelineEntries: 100_000);
        var shard = new SegmentationShard(rules, limits, sink);
        long start = Stopwatch.GetTimestamp();
        foreach ((byte[] json, CustomerId customer, PlainEvent @event) in stream)
        {
            shard.Apply(new(@event.Time), customer, json);
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / stream.Length;
        return (nanoseconds, sink.Now, shard.TakeChanged().Average(packed => packed.State.Length));
    }

    private static (double Nanoseconds, HashSet<string> Members, double Bytes) Plain(
        Func<PlainTimeline, bool> condition,
        bool forgets,
        (byte[] Json, CustomerId Customer, PlainEvent Event)[] stream
    )
    {
        var timelines = new Dictionary<string, PlainTimeline>(StringComparer.Ordinal);
        var members = new HashSet<string>(StringComparer.Ordinal);
        long start = Stopwatch.GetTimestamp();
        foreach ((_, CustomerId customer, PlainEvent @event) in stream)
        {
            if (!timelines.TryGetValue(customer.Value, out PlainTimeline? timeline))
            {
                timelines[customer.Value] = timeline = new();
            }

            timeline.Add(@event, forgets);
            _ = condition(timeline) ? members.Add(customer.Value) : members.Remove(customer.Value);
        }

        return (Stopwatch.GetElapsedTime(start).TotalNanoseconds / stream.Length, members, 0);
    }

    private static (double Nanoseconds, HashSet<string> Members, double Bytes) Best(
        Func<(double Nanoseconds, HashSet<string> Members, double Bytes)> run
    ) => Enumerable.Range(0, Passes).Select(_ => run()).MinBy(result => result.Nanoseconds);

    private static string Mode(PlainTimeline timeline) =>
        timeline
            .Events.GroupBy(e => e.Key, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .First()
            .Key;

    private static int CountAfter(PlainTimeline timeline, long time) => timeline.Events.Count(e => e.Time > time);

    private static bool IsToday(PlainTimeline timeline, PlainEvent e) =>
        e.Time / (24 * Hour) == timeline.Now / (24 * Hour);

    private static long? LastOf(PlainTimeline timeline, string key)
    {
        for (int i = timeline.Events.Count - 1; i >= 0; i--)
        {
            if (timeline.Events[i].Key == key)
            {
                return timeline.Events[i].Time;
            }
        }

        return null;
    }

    private sealed class Members : ITransitionSink
    {
        public HashSet<string> Now { get; } = new(StringComparer.Ordinal);

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            _ =
                transition.Kind == TransitionKind.Entered
                    ? Now.Add(transition.Customer.Value)
                    : Now.Remove(transition.Customer.Value);
    }
}
