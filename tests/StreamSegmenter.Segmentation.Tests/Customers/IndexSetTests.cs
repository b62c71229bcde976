using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class IndexSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    [InlineData(9_000)]
    public void An_index_set_is_a_sorted_set(int capacity)
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
        var set = new IndexSet(capacity);
        var model = new SortedSet<int>();
        set.Next(0).ShouldBe(-1);
        foreach ((int slot, bool member) in changes)
        {
            set.Set(slot, member);
            _ = member ? model.Add(slot) : model.Remove(slot);

            foreach (int from in Froms(capacity))
            {
                int next = model.Where(s => s >= from).DefaultIfEmpty(-1).First();
                set.Next(from).ShouldBe(next);
                (from < capacity && set.Contains(from)).ShouldBe(model.Contains(from));
            }
        }

        return true;
    }

    private static IEnumerable<int> Froms(int capacity) =>
        Enumerable.Range(0, Math.Min(capacity + 1, 200)).Concat([capacity / 2, capacity - 1, capacity]);

    [Fact]
    public void A_set_of_no_indexes_is_empty() => new IndexSet(0).Next(0).ShouldBe(-1);
}
