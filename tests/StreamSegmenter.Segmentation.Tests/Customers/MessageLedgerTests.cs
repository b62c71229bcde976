using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class MessageLedgerTests
{
    [Fact]
    public void A_message_is_remembered_up_to_its_instant()
    {
        // As hashes are, and crowded at either end of the table, where what finds no room goes on at the beginning.
        Gen<ulong> keys =
            from key in Gen.Choose(1, 40)
            from spread in Gen.Elements(1UL, 0x9E3779B97F4A7C15, ulong.MaxValue)
            select (ulong)key * spread;
        Gen<(ulong Key, int Wait, int Memory)[]> arrivals = (
            from key in keys
            from wait in Gen.Choose(0, 3)
            from memory in Gen.Choose(0, 60)
            select (key, wait, memory)
        ).ArrayOf();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(arrivals), Follows));
    }

    private static bool Follows((ulong Key, int Wait, int Memory)[] arrivals)
    {
        var ledger = new MessageLedger();
        var model = new SortedDictionary<ulong, Timestamp>();
        var keys = new List<ulong>();
        var times = new List<Timestamp>();
        var now = new Timestamp(0);
        foreach ((ulong key, int wait, int memory) in arrivals)
        {
            now = now.Plus(wait);
            bool isNew = !(model.TryGetValue(key, out Timestamp until) && until >= now);
            ledger.TryAdd(key, now, now.Plus(memory)).ShouldBe(isNew);
            if (isNew)
            {
                model[key] = now.Plus(memory);
            }

            ledger.CopyTo(keys, times);
            keys.Zip(times).ShouldBe(model.Where(m => m.Value >= now).Select(m => (m.Key, m.Value)));
        }

        return true;
    }

    [Fact]
    public void Restored_messages_are_remembered_and_forgotten_like_others()
    {
        var ledger = new MessageLedger();
        ledger.EnsureCapacity(2);
        ledger.Restore(3, new(10));
        ledger.Restore(ulong.MaxValue, Timestamp.Never);

        ledger.TryAdd(3, new(10), new(99)).ShouldBeFalse();
        ledger.TryAdd(3, new(11), new(99)).ShouldBeTrue();
        ledger.TryAdd(ulong.MaxValue, new(long.MaxValue), Timestamp.Never).ShouldBeFalse();
    }

    [Fact]
    public void A_ledger_whose_messages_come_and_go_allocates_nothing()
    {
        var ledger = new MessageLedger();
        for (ulong i = 1; i <= 1_000; i++)
        {
            ledger.TryAdd(i * 0x9E3779B97F4A7C15, new((long)i), new((long)i + 10));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 1_001; i <= 1_000_000; i++)
        {
            ledger.TryAdd(i * 0x9E3779B97F4A7C15, new((long)i), new((long)i + 10));
        }

        // Of a million messages. The pool may have to make its arrays anew, if a collection took them meanwhile.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000);
    }
}
