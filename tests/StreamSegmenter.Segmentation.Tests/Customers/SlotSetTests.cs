using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class SlotSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void A_slot_set_is_a_sorted_set(int capacity)
    {
        Gen<(int Slot, bool Member)[]> changes = (
            from slot in Gen.OneOf(Gen.Choose(0, capacity - 1), Gen.Elements(0, capacity - 1, capacity / 2))
            from member in Gen.Elements(true, true, false)
            select (slot, member)
        ).ArrayOf();

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(Arb.From(changes), list => Follows(capacity, list))
        );
    }

    private static bool Follows(int capacity, (int Slot, bool Member)[] changes)
    {
        var set = new SlotSet(capacity);
        var model = new SortedSet<int>();
        set.Next(0).ShouldBe(-1);
        foreach ((int slot, bool member) in changes)
        {
            set.Set(slot, member);
            _ = member ? model.Add(slot) : model.Remove(slot);

            for (int from = 0; from <= capacity; from++)
            {
                int next = model.Where(s => s >= from).DefaultIfEmpty(-1).First();
                set.Next(from).ShouldBe(next);
                (from < capacity && set.Contains(from)).ShouldBe(model.Contains(from));
            }
        }

        return true;
    }

    [Fact]
    public void A_set_of_no_slots_is_empty() => new SlotSet(0).Next(0).ShouldBe(-1);
}
