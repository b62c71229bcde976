using System.Diagnostics;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// (d) beside (c): pass by pass in turn, so that whatever else the machine does meets both alike. By the clock (c) has
/// one thread and (d) several, so that (d) gains from a second processor; by processor time, of all threads together,
/// nothing is hidden. All passes after the warm-up count, those of (d) up to the last commit, that of a checkpoint.
/// Alone: <c>dotnet run -c Release -- stored [events]</c>.
/// </summary>
internal static class StoredReport
{
    private const int WarmUpPasses = 4;
    private const int MeasuredPasses = 5;
    private const int AllPasses = WarmUpPasses + MeasuredPasses;

    /// <summary>Whether (d) ends with the members that (e) ends with.</summary>
    public static async Task<bool> PrintAsync(ShopStream stream)
    {
        var inMemory = new Engine("(c) beside (d)", ShopSegments.Compile(), stream.Customers);
        await using StoredEngine stored = await StoredEngine.StartAsync(stream.Customers);
        Cost memory = default;
        Cost disk = default;
        for (int pass = 0; pass < AllPasses; pass++)
        {
            stream.MoveTo(pass);
            inMemory.Checkpoint();
            Cost one = await Cost.OfAsync(() => Take(stream, inMemory));
            Cost other = await Cost.OfAsync(() => stored.TakeAsync(stream));
            if (pass >= WarmUpPasses)
            {
                (memory, disk) = (memory + one, disk + other);
            }
        }

        disk += await Cost.OfAsync(stored.StopAsync);
        Print(inMemory.Name, memory, memory, (long)MeasuredPasses * stream.Count);
        Print("(d) with log and checkpoints on SQLite", disk, memory, (long)MeasuredPasses * stream.Count);
        double events = (double)AllPasses * stream.Count;
        Console.WriteLine(
            $"(d) made {stored.Transitions / events:N3} transitions and "
                + $"{await stored.CountPushesAsync() / events:N3} pushes an event, committed after every "
                + $"{events / stored.Commits:N0} events on average"
        );
        return await AgreesAsync(stream, stored);
    }

    private static Task Take(ShopStream stream, Engine engine)
    {
        for (int i = 0; i < stream.Count; i++)
        {
            engine.Take(stream[i]);
        }

        return Task.CompletedTask;
    }

    private static async Task<bool> AgreesAsync(ShopStream stream, StoredEngine stored)
    {
        var byHand = new ByHand();
        for (int pass = 0; pass < AllPasses; pass++)
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
