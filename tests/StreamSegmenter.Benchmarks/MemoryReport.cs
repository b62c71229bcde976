using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks;

/// <summary>
/// How much memory a shard takes with many customers in memory, each with 20 retained events of which every one is
/// inside a window of some rule: <c>dotnet run -c Release -- memory [customers]</c>. Like a log, it names the customer
/// anew for each event.
/// </summary>
internal static class MemoryReport
{
    private const int EventsPerCustomer = 20;

    // As many as a shard writes together by default.
    private const int CheckpointCustomers = 50_000;

    private static readonly SegmentDefinition[] Segments =
    [
        Define("vip", "count(support_contact, 30d) >= 3 and sum(purchase.amount, 365d) > 1M"),
        Define("shopper", "sum(purchase.amount, 30d) > 500 and count(page where category = \"product\", 30d) >= 3"),
        Define("lapsed", "since(any) > 30d"),
        Define("first", "count(purchase) = 1"),
    ];

    public static int Run(int customers)
    {
        var rules = ((RuleSetResult.Compiled)RuleSet.Compile(Segments, RuleSetOptions.Default)).Rules;
        var limits = new ShardLimits(EventLimits.Default, HotCustomers: 1_000, MaxTimelineEntries: 100_000);
        var shard = new SegmentationShard(rules, limits, new NoSink());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var now = new Timestamp(1_700_000_000_000);
        var buffer = new byte[512];
        for (int round = 0; round < EventsPerCustomer; round++)
        {
            for (int i = 0; i < customers; i++)
            {
                now = now.Plus(round);
                int length = Write(buffer, round, i);
                shard.Apply(now, new($"customer-{i}"), buffer.AsMemory(0, length));
                if (shard.ChangedCustomers == CheckpointCustomers)
                {
                    shard.TakeChanged();
                }
            }
        }

        // A full collection that nothing but this report asks for would add to the peak.
        using var process = Process.GetCurrentProcess();
        (long workingSet, long peak) = (process.WorkingSet64, process.PeakWorkingSet64);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{customers:N0} customers with {EventsPerCustomer} events: {bytes / 1e6:N0} MB managed, "
                    + $"{(double)bytes / customers:N0} bytes each; working set {workingSet / 1e6:N0} MB, "
                    + $"peak {peak / 1e6:N0} MB"
            )
        );
        GC.KeepAlive(shard);
        return 0;
    }

    private static SegmentDefinition Define(string name, string rule) => new(new(name), "", rule, TimeSpan.Zero);

    // Half purchases, a quarter product pages, a quarter support contacts.
    private static int Write(byte[] buffer, int round, int customer)
    {
        string what = (round % 4) switch
        {
            0 => """
                "type":"page","properties":{"category":"product"}
                """,
            1 => """
                "type":"track","event":"support_contact","properties":{}
                """,
            _ => $$$"""
                "type":"track","event":"purchase","properties":{"amount":{{{customer % 1000}}}.{{{round}}}}
                """,
        };
        return Encoding.UTF8.GetBytes($$"""{"messageId":"m-{{customer}}-{{round}}","userId":"u",{{what}}}""", buffer);
    }

    private sealed class NoSink : ITransitionSink
    {
        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) { }
    }
}
