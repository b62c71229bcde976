using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// How many events a second the engine takes, beside the least that any engine must do and the same rules written by
/// hand, all in one run: <c>dotnet run -c Release -- throughput [events]</c>. All but (d) are one thread's, counted in
/// seconds of processor time, so that other work on the machine disturbs them little; see <see cref="StoredReport"/>.
/// Ratios between lines of one run mean something on any machine; events a second only on a quiet one.
/// </summary>
internal static class ThroughputReport
{
    private const int WarmUpPasses = 4;
    private const int MeasuredPasses = 5;
    private const int AllPasses = WarmUpPasses + MeasuredPasses;
    private const int SliceEvents = 5_000;

    public static async Task<int> RunAsync(int events)
    {
        bool agree = await RunAsync(new ShopStream(ShopShape.Browsers, events));
        Print("");
        agree &= await RunAsync(new ShopStream(ShopShape.Servers, events));
        Print("");
        AllocationReport.Print(events);
        return agree ? 0 : 1;
    }

    private static async Task<bool> RunAsync(ShopStream stream)
    {
        bool agree = CompareInMemory(stream);

        // What was compared is garbage now: (d) and (c) beside it are not to pay for a heap full of other engines.
        GC.Collect();
        return agree & await StoredReport.PrintAsync(stream);
    }

    private static bool CompareInMemory(ShopStream stream)
    {
        int events = stream.Count;
        Print(
            $"{events:N0} events of {stream.Bytes / events:N0} bytes a pass from {stream.Shape.Senders}, "
                + $"{stream.Customers:N0} customers, {stream.Days} days a pass, {ShopSegments.Definitions.Count} "
                + $"segments; {WarmUpPasses} passes to warm up, of every {SliceEvents:N0} events the best of {MeasuredPasses}"
        );
        var engine = new Engine("(c) engine in memory", ShopSegments.Compile(), stream.Customers);
        using var reactive = new WithReactive();
        ISegmenting[] segmenting = [engine, new ByHand(), reactive];
        IContender[] contenders =
        [
            new TokensOnly(),
            new DecodeOnly(),
            .. segmenting,
            new Engine("(c2) nothing kept for ever", ShopSegments.CompileBounded(), stream.Customers),
            new Engine("(c3) a third of the customers hot", ShopSegments.Compile(), stream.Customers / 3),
        ];
        Result[] results = Measure(stream, contenders);
        foreach (Result result in results)
        {
            Print(result, results[0].PerSecond);
        }

        Print($"(c) made {engine.Transitions / (double)((long)events * AllPasses):N3} transitions an event");
        return Agree(stream, segmenting);
    }

    // Slice by slice through all contenders, so that whatever else the machine does meets all of them alike; and of
    // each slice the pass that was disturbed least.
    private static Result[] Measure(ShopStream stream, IContender[] contenders)
    {
        int slices = (stream.Count + SliceEvents - 1) / SliceEvents;
        Slice[][] best = [.. contenders.Select(_ => new Slice[slices])];
        for (int pass = 0; pass < AllPasses; pass++)
        {
            stream.MoveTo(pass);
            for (int slice = 0; slice < slices; slice++)
            {
                for (int i = 0; i < contenders.Length; i++)
                {
                    Slice taken = Take(stream, slice * SliceEvents, contenders[i]);
                    if (pass >= WarmUpPasses)
                    {
                        best[i][slice] = pass == WarmUpPasses ? taken : best[i][slice].Or(taken);
                    }
                }
            }

            foreach (Engine engine in contenders.OfType<Engine>())
            {
                engine.Checkpoint();
            }
        }

        return [.. contenders.Select((contender, i) => Sum(contender.Name, best[i], stream.Count))];
    }

    private static Slice Take(ShopStream stream, int begin, IContender contender)
    {
        int end = Math.Min(begin + SliceEvents, stream.Count);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int i = begin; i < end; i++)
        {
            contender.Take(stream[i]);
        }

        return new(Environment.CpuUsage.TotalTime - start, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static Result Sum(string name, Slice[] slices, int events) =>
        new(
            name,
            events / slices.Sum(slice => slice.Processor.TotalSeconds),
            slices.Sum(slice => slice.Allocated) / events
        );

    private static bool Agree(ShopStream stream, ISegmenting[] contenders)
    {
        IReadOnlyDictionary<CustomerId, int>[] all = [.. contenders.Select(c => c.Memberships(stream.End))];
        bool agree = true;
        for (int i = 1; i < all.Length; i++)
        {
            int differ = stream.Ids.Count(id => all[0].GetValueOrDefault(id) != all[i].GetValueOrDefault(id));
            agree &= differ == 0;
            Print($"{contenders[i].Name}: {(differ == 0 ? "same memberships as (c)" : $"{differ} customers differ")}");
        }

        return agree;
    }

    private static void Print(Result result, double tokens) =>
        Print(
            $"{result.Name, -40} {result.PerSecond, 12:N0} events/s {result.PerSecond / tokens, 7:P0} of (a) "
                + $"{result.AllocatedPerEvent, 8:N0} bytes allocated an event"
        );

    // Cultures are switched off in this repository, so that numbers look alike everywhere.
    private static void Print(string line) => Console.WriteLine(line);

    private readonly record struct Result(string Name, double PerSecond, long AllocatedPerEvent);

    /// <summary>What some events took.</summary>
    private readonly record struct Slice(TimeSpan Processor, long Allocated)
    {
        /// <summary>The less of each.</summary>
        public Slice Or(Slice other) =>
            new(Processor < other.Processor ? Processor : other.Processor, Math.Min(Allocated, other.Allocated));
    }
}
