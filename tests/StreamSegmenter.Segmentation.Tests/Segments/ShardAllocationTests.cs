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

    private sealed class Silence : ITransitionSink
    {
        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            throw new InvalidOperationException("This rule never holds.");
    }
}
