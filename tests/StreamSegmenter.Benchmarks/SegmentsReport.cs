using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks;

/// <summary>
/// What an event costs, in processor time, with few and with many segments over 200 values, most of them with
/// thresholds far from most customers: <c>dotnet run -c Release -- segments [events]</c>.
/// </summary>
internal static class SegmentsReport
{
    private const int EventNames = 40;

    // What the stream is made of. The first ten segments read each value of these once, so that an event touches as
    // many values whether there are ten segments or ten thousand.
    private const int BusyEventNames = 4;
    private const int Customers = 200;
    private const int MillisecondsBetweenEvents = 20_000;
    private const int Rounds = 6;
    private static readonly int[] Counts = [10, 100, 1_000, 10_000];

    public static int Run(int events)
    {
        byte[][] payloads = [.. Enumerable.Range(0, events).Select(Payload)];
        CustomerId[] customers = [.. Enumerable.Range(0, Customers).Select(i => new CustomerId($"customer-{i}"))];
        Contender[] contenders = [.. Counts.Select(count => new Contender(count))];

        // Round by round through all, so that whatever else the machine does meets all of them alike.
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Contender contender in contenders)
            {
                contender.Take(payloads, customers);
            }
        }

        foreach (Contender contender in contenders)
        {
            double ratio = contender.Nanoseconds / contenders[0].Nanoseconds;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{contender.Segments, 6:N0} segments: {contender.Nanoseconds, 6:N0} ns an event, {ratio:N2} times "
                        + $"that with {Counts[0]}; {contender.TransitionsPerEvent:N2} transitions an event"
                )
            );
        }

        return 0;
    }

    // Five values of each event: 200 in all.
    private static string[] Values(int @event) =>
        [
            $"count(e{@event}, 7d)",
            $"sum(e{@event}.amount, 30d)",
            $"max(e{@event}.amount, 30d)",
            $"count(e{@event} where category = \"c{@event}\", 30d)",
            $"since(e{@event})",
        ];

    private static SegmentDefinition Definition(int index, string[] values, Random random)
    {
        string Test(int test)
        {
            string value = values[index < Counts[0] ? (2 * index) + test : random.Next(values.Length)];
            return value switch
            {
                _ when value.StartsWith("count", StringComparison.Ordinal) =>
                    $"{value} >= {Spread(random, 100, 10_000)}",
                _ when value.StartsWith("since", StringComparison.Ordinal) =>
                    $"{value} > {Spread(random, 500, 20_000)}h",
                _ => $"{value} > {Spread(random, 10_000, 10_000_000)}",
            };
        }

        return new(new($"s{index}"), "", $"{Test(0)} and {Test(1)}", TimeSpan.Zero);
    }

    // As many from 100 to 1,000 as from 1,000 to 10,000.
    private static long Spread(Random random, double least, double most) =>
        (long)(least * Math.Pow(most / least, random.NextDouble()));

    private static byte[] Payload(int i)
    {
        var random = new Random(i);
        int name = random.Next(BusyEventNames);
        int category = random.Next(BusyEventNames);
        return Encoding.UTF8.GetBytes(
            $$$"""
            {"type":"track","event":"e{{{name}}}","userId":"u","context":{"library":{"name":"x","version":"1"}},
            """
                + $$$"""
                "properties":{"amount":{{{random.Next(20_000) / 100m}}},"category":"c{{{category}}}","quantity":1}}
                """
        );
    }

    /// <summary>A shard with so many segments, and its best round.</summary>
    private sealed class Contender : ITransitionSink
    {
        private readonly SegmentationShard _shard;
        private Timestamp _now = new(1_700_000_000_000);
        private long _events;
        private long _transitions;

        public Contender(int segments)
        {
            Segments = segments;
            var random = new Random(1);
            string[] values = [.. Enumerable.Range(0, EventNames).SelectMany(Values)];
            SegmentDefinition[] definitions =
            [
                .. Enumerable.Range(0, segments).Select(i => Definition(i, values, random)),
            ];
            var rules = ((RuleSetResult.Compiled)RuleSet.Compile(definitions, RuleSetOptions.Default)).Rules;
            var limits = new ShardLimits(EventLimits.Default, HotCustomers: 10_000, MaxTimelineEntries: 100_000);
            _shard = new(rules, limits, this);
        }

        public int Segments { get; }

        public double Nanoseconds { get; private set; } = double.MaxValue;

        public double TransitionsPerEvent => (double)_transitions / _events;

        public void Take(byte[][] payloads, CustomerId[] customers)
        {
            TimeSpan start = Environment.CpuUsage.UserTime;
            for (int i = 0; i < payloads.Length; i++)
            {
                _now = _now.Plus(MillisecondsBetweenEvents);
                _shard.Apply(_now, customers[i * 7919L % customers.Length], payloads[i]);
            }

            TimeSpan taken = Environment.CpuUsage.UserTime - start;
            Nanoseconds = Math.Min(Nanoseconds, taken.TotalNanoseconds / payloads.Length);
            _events += payloads.Length;
            _shard.TakeChanged();
        }

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            _transitions++;
    }
}
