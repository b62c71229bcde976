using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class MessageLedgerTests
{
    [Fact]
    public void A_message_is_remembered_up_to_its_instant_whenever_others_are_forgotten()
    {
        Gen<(int Key, int Wait, int Memory, bool Forget)[]> arrivals = (
            from key in Gen.Choose(1, 6)
            from wait in Gen.Choose(0, 3)
            from memory in Gen.Choose(0, 8)
            from forget in Gen.Elements(true, false)
            select (key, wait, memory, forget)
        ).ArrayOf();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(arrivals), Follows));
    }

    private static bool Follows((int Key, int Wait, int Memory, bool Forget)[] arrivals)
    {
        var ledger = new MessageLedger();
        var model = new SortedDictionary<ulong, long>();
        long now = 0;
        foreach ((int key, int wait, int memory, bool forget) in arrivals)
        {
            now += wait;
            if (forget)
            {
                ledger.Forget(new(now));
                Enumerable.Range(0, ledger.Count).All(i => ledger[i].ForgetAt >= new Timestamp(now)).ShouldBeTrue();
            }

            bool isNew = !(model.TryGetValue((ulong)key, out long until) && until >= now);
            ledger.TryAdd((ulong)key, new(now), new(now + memory)).ShouldBe(isNew);
            if (isNew)
            {
                model[(ulong)key] = now + memory;
            }

            // The ledger may still hold what it need not remember.
            var kept = Enumerable.Range(0, ledger.Count).Select(i => ledger[i]).ToArray();
            var live = model.Where(m => m.Value >= now).Select(m => (m.Key, new Timestamp(m.Value)));
            kept.Where(m => m.ForgetAt.Milliseconds >= now).SequenceEqual(live).ShouldBeTrue();
        }

        return true;
    }

    [Fact]
    public void Appended_entries_are_remembered_and_forgotten_like_others()
    {
        var ledger = new MessageLedger();
        ledger.EnsureCapacity(2);
        ledger.Append(3, new(10));
        ledger.Append(ulong.MaxValue, Timestamp.Never);

        ledger.TryAdd(3, new(10), new(99)).ShouldBeFalse();
        ledger.Forget(new(11));

        ledger.Count.ShouldBe(1);
        ledger.TryAdd(3, new(11), new(99)).ShouldBeTrue();
        ledger.TryAdd(ulong.MaxValue, new(long.MaxValue), Timestamp.Never).ShouldBeFalse();
    }
}
