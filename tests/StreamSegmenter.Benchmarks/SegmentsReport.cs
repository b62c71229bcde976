using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks;

/// <summary>
/// What an event costs, in processor time, with few and with many segments over the same 200 values:
/// <c>dotnet run -c Release -- segments [events]</c>.
/// </summary>
internal static class SegmentsReport
{
    private const int EventNames = 40;
    private const int Customers = 200;
    private const int Rounds = 3;
    private static readonly int[] Counts = [10, 100, 1_000, 10_000];

    public static int Run(int events)
    {
        byte[][] payloads = [.. Enumerable.Range(0, events).Select(Payload)];
        CustomerId[] customers = [.. Enumerable.Range(0, Customers).Select(i => new CustomerId($"customer-{i}"))];
        double baseline = 0;
        foreach (int count in Counts)
        {
            (double nanoseconds, long transitions) = Measure(count, payloads, customers);
            baseline = baseline == 0 ? nanoseconds : baseline;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count, 6:N0} segments: {nanoseconds, 6:N0} ns an event, {nanoseconds / baseline:N2} times that "
                        + $"with {Counts[0]}; {(double)transitions / events:N2} transitions an event"
                )
            );
        }

        return 0;
    }

    private static (double Nanoseconds, long Transitions) Measure(
        int segments,
        byte[][] payloads,
        CustomerId[] customers
    )
    {
        var random = new Random(1);
        string[] values = [.. Enumerable.Range(0, EventNames).SelectMany(Values)];
        SegmentDefinition[] definitions = [.. Enumerable.Range(0, segments).Select(i => Definition(i, values, random))];
        var rules = ((RuleSetResult.Compiled)RuleSet.Compile(definitions, RuleSetOptions.Default)).Rules;
        var sink = new CountingSink();
        var limits = new ShardLimits(EventLimits.Default, HotCustomers: 10_000, MaxTimelineEntries: 100_000);
        var shard = new SegmentationShard(rules, limits, sink);
        var now = new Timestamp(1_700_000_000_000);
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            sink.Transitions = 0;
            TimeSpan start = Environment.CpuUsage.UserTime;
            for (int i = 0; i < payloads.Length; i++)
            {
                now = now.Plus(20_000);
                shard.Apply(now, customers[i * 7919L % customers.Length], payloads[i]);
            }

            TimeSpan taken = Environment.CpuUsage.UserTime - start;
            best = taken < best ? taken : best;
            shard.TakeChanged();
        }

        return (best.TotalNanoseconds / payloads.Length, sink.Transitions);
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
        string Test()
        {
            string value = values[random.Next(values.Length)];
            return value switch
            {
                _ when value.StartsWith("count", StringComparison.Ordinal) => $"{value} >= {random.Next(1, 60)}",
                _ when value.StartsWith("since", StringComparison.Ordinal) => $"{value} > {random.Next(1, 60)}d",
                _ => $"{value} > {random.Next(1, 5_000)}",
            };
        }

        return new(new($"s{index}"), "", $"{Test()} and {Test()}", TimeSpan.Zero);
    }

    private static byte[] Payload(int i)
    {
        var random = new Random(i);
        return Encoding.UTF8.GetBytes(
            $$$"""
            {"type":"track","event":"e{{{random.Next(
                EventNames
            )}}}","userId":"u","context":{"library":{"name":"x","version":"1"},"page":{"path":"/a"}},"properties":{"amount":{{{random.Next(
                20_000
            ) / 100m}}},"category":"c{{{random.Next(EventNames)}}}","sku":"s-{{{random.Next(5_000)}}}"}}
            """
        );
    }

    private sealed class CountingSink : ITransitionSink
    {
        public long Transitions { get; set; }

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            Transitions++;
    }
}
