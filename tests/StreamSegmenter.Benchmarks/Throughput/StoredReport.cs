using System.Diagnostics;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// (d) beside (c): round by round in turn, so that whatever else the machine does meets both alike. A round is some
/// passes without a pause, as a log that never ends would bring them; for (d) it lasts up to the commit of its last
/// effects, and all rounds up to that of a checkpoint. By the clock (c) has one thread and (d) several, so that (d)
/// gains from a second processor; by processor time, of all threads together, nothing is hidden. Alone:
/// <c>dotnet run -c Release -- stored [events]</c>.
/// </summary>
internal static class StoredReport
{
    private const int RoundEvents = 500_000;
    private const int WarmUpRounds = 1;
    private const int MeasuredRounds = 3;
    private const int AllRounds = WarmUpRounds + MeasuredRounds;

    public static async Task<int> RunAsync(int events)
    {
        bool agree = true;
        foreach (ShopShape shape in (ShopShape[])[ShopShape.Browsers, ShopShape.Servers])
        {
            var stream = new ShopStream(shape, events);
            Console.WriteLine($"Events of {stream.Bytes / events:N0} bytes from {shape.Senders}:");
            agree &= await PrintAsync(stream);
        }

        return agree ? 0 : 1;
    }

    /// <summary>Whether (d) ends with the members that (e) ends with.</summary>
    public static async Task<bool> PrintAsync(ShopStream stream)
    {
        var inMemory = new Engine("(c) beside (d)", ShopSegments.Compile(), stream.Customers);
        await using StoredEngine stored = await StoredEngine.StartAsync(stream.Customers);
        int passes = (RoundEvents + stream.Count - 1) / stream.Count;
        Cost memory = default;
        Cost disk = default;
        for (int round = 0; round < AllRounds; round++)
        {
            Cost one = await TakeAsync(stream, round * passes, passes, inMemory);
            Cost other = await TakeAsync(stream, round * passes, passes, stored);
            if (round >= WarmUpRounds)
            {
                (memory, disk) = (memory + one, disk + other);
            }
        }

        disk += await Cost.OfAsync(stored.StopAsync);
        long measured = (long)MeasuredRounds * passes * stream.Count;
        Print(inMemory.Name, memory, memory, measured);
        Print("(d) with log and checkpoints on SQLite", disk, memory, measured);
        double events = (double)AllRounds * passes * stream.Count;
        Console.WriteLine(
            $"(d) made {stored.Transitions / events:N3} transitions and "
                + $"{await stored.CountPushesAsync() / events:N3} pushes an event, committed after every "
                + $"{events / stored.Commits:N0} events on average"
        );
        return await AgreesAsync(stream, AllRounds * passes, stored);
    }

    private static async Task<Cost> TakeAsync(ShopStream stream, int first, int passes, Engine engine)
    {
        Cost cost = default;
        for (int pass = first; pass < first + passes; pass++)
        {
            stream.MoveTo(pass);
            engine.Checkpoint();
            cost += await Cost.OfAsync(() => Take(stream, engine));
        }

        return cost;
    }

    // Moving the stream counts here, because the shard works on meanwhile.
    private static Task<Cost> TakeAsync(ShopStream stream, int first, int passes, StoredEngine engine) =>
        Cost.OfAsync(async () =>
        {
            for (int pass = first; pass < first + passes; pass++)
            {
                stream.MoveTo(pass);
                await engine.AppendAsync(stream);
            }

            await engine.CatchUpAsync();
        });

    private static Task Take(ShopStream stream, Engine engine)
    {
        for (int i = 0; i < stream.Count; i++)
        {
            engine.Take(stream[i]);
        }

        return Task.CompletedTask;
    }

    private static async Task<bool> AgreesAsync(ShopStream stream, int passes, StoredEngine stored)
    {
        var byHand = new ByHand();
        for (int pass = 0; pass < passes; pass++)
        {
            stream.MoveTo(pass);
            for (int i = 0; i < stream.Count; i++)
            {
                byHand.Take(stream[i]);
            }
        }

        int[] masks = [.. byHand.Memberships(stream.End).Values];
        IReadOnlyDictionary<SegmentName, long> members = await stored.CountMembersAsync();
        bool agree = ShopSegments
            .Definitions.Select((segment, i) => (segment.Name, Count: masks.LongCount(mask => (mask & (1 << i)) != 0)))
            .All(expected => members.GetValueOrDefault(expected.Name) == expected.Count);
        Console.WriteLine($"(d): {(agree ? "as many members of each segment as (e)" : "DIFFERS from (e)")}");
        return agree;
    }

    private static void Print(string name, Cost cost, Cost memory, long events) =>
        Console.WriteLine(
            $"{name, -40} {events / cost.Elapsed.TotalSeconds, 12:N0} events/s by the clock "
                + $"{memory.Elapsed / cost.Elapsed, 5:P0} of (c), "
                + $"{events / cost.Processor.TotalSeconds, 9:N0} by processor time "
                + $"{memory.Processor / cost.Processor, 5:P0} of (c) "
                + $"{cost.Allocated / events, 8:N0} bytes allocated an event"
        );

    /// <summary>What some passes took.</summary>
    /// <param name="Processor">Of all threads together.</param>
    private readonly record struct Cost(TimeSpan Elapsed, TimeSpan Processor, long Allocated)
    {
        public static async Task<Cost> OfAsync(Func<Task> pass)
        {
            long allocated = GC.GetTotalAllocatedBytes();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            await pass();
            return new(
                Stopwatch.GetElapsedTime(begun),
                Environment.CpuUsage.TotalTime - processor,
                GC.GetTotalAllocatedBytes() - allocated
            );
        }

        public static Cost operator +(Cost a, Cost b) =>
            new(a.Elapsed + b.Elapsed, a.Processor + b.Processor, a.Allocated + b.Allocated);
    }
}
