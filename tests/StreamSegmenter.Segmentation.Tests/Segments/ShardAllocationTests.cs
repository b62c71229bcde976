using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using Xunit.Abstractions;

namespace StreamSegmenter.Segmentation.Tests.Segments;

/// <summary>What one event allocates once a shard is warm: budgets that a change must not break unnoticed.</summary>
public sealed class ShardAllocationTests(ITestOutputHelper output)
{
    private const int Warm = 20_000;
    private const int Measured = 20_000;

    [Theory]
    [InlineData("other", "count(purchase, 1h) > 100000", 1)] // no rule reads it
    [InlineData("purchase", "count(purchase, 1h) > 100000", 1)]
    [InlineData("purchase", "sum(purchase.amount, 1h) > 100000000", 1)]
    [InlineData("purchase", "count(purchase where category = \"shoes\", 1h) > 100000", 1)]
    [InlineData("purchase", "since(purchase) > 30d", 1)]
    public void A_warm_shard_hardly_allocates(string name, string rule, int budget)
    {
        var rules = RuleTexts.Compile(rule);
        var shard = new SegmentationShard(rules, new(EventLimits.Default, 1_000, 100_000), new Silence());
        CustomerId[] customers = [.. Enumerable.Range(0, 10).Select(i => new CustomerId($"c{i}"))];
        byte[] text = Encoding.UTF8.GetBytes(
            $$$"""
            {"type":"track","event":"{{{name}}}","userId":"c","properties":{"amount":12.50,"category":"shoes"}}
            """
        );

        long Feed(int from, int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = from; i < from + count; i++)
            {
                // Ten minutes of a customer's hour between two events: windows stay a handful long.
                shard.Apply(new(1_700_000_000_000 + i * 60_000L), customers[i % 10], text);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Feed(0, Warm);
        double each = Feed(Warm, Measured) / (double)Measured;

        output.WriteLine($"{name}, {rule}: {each:F2} bytes an event");
        each.ShouldBeLessThan(budget);
    }

    /// <summary>Full windows, message ids, strings kept in lanes, traits, sequences, segments of segments.</summary>
    [Fact]
    public void An_event_without_transition_allocates_nothing()
    {
        string[] texts =
        [
            "count(any, 1h) >= 7",
            "since(any, 2d) >= 3h",
            "distinct(view.category, 12h) >= 5",
            "mode(view.category, 12h) = \"c3\" and sum(order.amount, 1d) > 30",
            "max(order.amount, 1d) >= 19.5 and days(order, 5d) >= 5",
            "count(order where amount > 10, 1d) >= 3 and profile.plan = \"gold\"",
            "sequence(view then order within 1h, 1d) and not in(\"segment-0\")",
            "count(order where any(lines, sku = \"s-3\"), 1d) >= 2 and count(order where lines[].sku = \"s-1\", 1d) >= 2",
            "sequence(view then not identify within 10m then order within 1h, 1d)",
            "last(view.category, 1d) in (\"c1\", \"c2\") and exists(view where category = \"c4\", 6h)",
        ];
        SegmentDefinition[] segments = [.. texts.Select((rule, i) => RuleTexts.Segment($"segment-{i}", rule))];
        var tally = new TransitionTally();
        var shard = new SegmentationShard(RuleTexts.Compile(segments), new(EventLimits.Default, 1_000, 100_000), tally);
        CustomerId[] customers = [.. Enumerable.Range(0, 19).Select(i => new CustomerId($"customer-{i}"))];
        int silent = 0;
        byte[][] events = [.. Enumerable.Range(0, 60).Select(EventOf)];

        // What the runtime itself allocates once, while it is still compiling, is in one round and not in the next.
        long fewest = Enumerable.Range(0, 8).Min(Round);
        output.WriteLine($"{tally.Count} transitions, {silent} events without");
        tally.Count.ShouldBeGreaterThan(10_000);
        silent.ShouldBeGreaterThan(10_000);
        fewest.ShouldBe(0);

        // Ten times all pairs of a customer and an event: five days, longer than any window.
        long Round(int round)
        {
            long bytes = 0;
            for (int i = round * 11_400; i < (round + 1) * 11_400; i++)
            {
                byte[] json = events[i % events.Length];
                i.TryFormat(json.AsSpan(MessageNumber), out _, "D9", CultureInfo.InvariantCulture);
                long transitions = tally.Count;
                long before = GC.GetAllocatedBytesForCurrentThread();
                shard.Apply(new(1_700_000_000_000 + (i * 40_000L)), customers[i % customers.Length], json);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                silent += tally.Count == transitions ? 1 : 0;
                bytes += tally.Count == transitions ? allocated : 0;
            }

            return bytes;
        }
    }

    private const int MessageNumber = 14;

    private static byte[] EventOf(int i) =>
        Encoding.UTF8.GetBytes(
            $$$"""
            {"messageId":"000000000-5f7e-4a8c","userId":"c",{{{BodyOf(i)}}}}
            """
        );

    private static string BodyOf(int i) =>
        (i % 6) switch
        {
            0 =>
                $$"""
                "type":"track","event":"order","properties":{"amount":{{i % 20}}.50,"lines":[{"sku":"s-{{i
                    % 5}}"},{"sku":"s-3"}]}
                """,
            5 => """
                "type":"identify","traits":{"plan":"gold","name":"Customer"}
                """,
            _ => $$"""
                "type":"track","event":"view","properties":{"category":"c{{i % 7}}"}
                """,
        };

    private sealed class TransitionTally : ITransitionSink
    {
        public int Count { get; private set; }

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            Count++;
    }

    private sealed class Silence : ITransitionSink
    {
        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            throw new InvalidOperationException("This rule never holds.");
    }
}
