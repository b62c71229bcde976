using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class AgendaTests
{
    [Fact]
    public void An_agenda_is_a_sorted_map_that_knows_its_earliest_instant()
    {
        Gen<(int Node, Timestamp Due)[]> changes = (
            from node in Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(61, 66), Gen.Choose(197, 199))
            from due in Gen.Frequency(
                (3, Gen.Choose(0, 20).Select(t => new Timestamp(t))),
                (1, Gen.Constant(Timestamp.Never))
            )
            select (node, due)
        ).ArrayOf();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(changes), Follows));
    }

    private static bool Follows((int Node, Timestamp Due)[] changes)
    {
        var agenda = new Agenda();
        var model = new SortedDictionary<int, Timestamp>();
        foreach ((int node, Timestamp due) in changes)
        {
            agenda.Set(node, due);
            model[node] = due;
            if (due == Timestamp.Never)
            {
                model.Remove(node);
            }

            Enumerable
                .Range(0, agenda.Count)
                .Select(i => agenda[i])
                .ShouldBe(model.Select(entry => (entry.Key, entry.Value)));
            agenda.Earliest.ShouldBe(model.Values.Append(Timestamp.Never).Min());
            for (int now = -1; now <= 21; now += 4)
            {
                var set = new IndexSet(200);
                agenda.CollectDue(new(now), set);
                Members(set).ShouldBe(model.Where(e => e.Value.Milliseconds <= now).Select(e => e.Key));
            }
        }

        return true;
    }

    private static IEnumerable<int> Members(IndexSet set)
    {
        for (int node = set.Next(0); node >= 0; node = set.Next(node + 1))
        {
            yield return node;
        }
    }
}
