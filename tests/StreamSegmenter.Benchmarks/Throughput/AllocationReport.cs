using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// What the engine in memory allocates, event by event, in steady state: after four months, when windows of 30 days
/// have been full often enough that their arrays fit their fullest days. An event that makes a transition is counted
/// apart, with all that it allocates, because transitions are the output. Alone:
/// <c>dotnet run -c Release -- allocations [events]</c>.
/// </summary>
internal static class AllocationReport
{
    private const int DaysToWarmUp = 120;
    private const int DaysMeasured = 30;

    public static void Print(int events)
    {
        var stream = new ShopStream(ShopShape.Regulars, events);
        Console.WriteLine(
            $"bytes allocated, by {DaysMeasured} days after {DaysToWarmUp} days of {stream.Customers:N0} customers:"
        );
        Print(stream, "(c) engine in memory", ShopSegments.Compile());
        Print(stream, "(c2) nothing kept for ever", ShopSegments.CompileBounded());
    }

    private static void Print(ShopStream stream, string name, RuleSet rules)
    {
        var engine = new Engine(name, rules, stream.Customers);
        int warmUp = PassesFor(DaysToWarmUp, stream);
        var tally = default(Tally);
        for (int pass = 0; pass < warmUp + PassesFor(DaysMeasured, stream); pass++)
        {
            stream.MoveTo(pass);
            engine.Checkpoint();
            for (int i = 0; i < stream.Count; i++)
            {
                tally.Add(engine, stream[i]);
            }

            tally = pass < warmUp ? default : tally;
        }

        Console.WriteLine($"{name, -40} {tally}");
    }

    private static int PassesFor(int days, ShopStream stream) => (days + stream.Days - 1) / stream.Days;

    private struct Tally
    {
        private (long Events, long Allocating, long Bytes) _silent;
        private (long Events, long Transitions, long Bytes) _crossing;

        public void Add(Engine engine, in ShopEvent e)
        {
            long transitions = engine.Transitions;
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Take(e);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            transitions = engine.Transitions - transitions;
            if (transitions == 0)
            {
                _silent.Events++;
                _silent.Allocating += bytes == 0 ? 0 : 1;
                _silent.Bytes += bytes;
            }
            else
            {
                _crossing.Events++;
                _crossing.Transitions += transitions;
                _crossing.Bytes += bytes;
            }
        }

        public override readonly string ToString() =>
            $"{_silent.Bytes / (double)_silent.Events, 7:N2} an event without transition "
            + $"({_silent.Allocating:N0} of {_silent.Events:N0} allocate), "
            + $"{_crossing.Bytes / (double)_crossing.Transitions, 5:N0} a transition";
    }
}
