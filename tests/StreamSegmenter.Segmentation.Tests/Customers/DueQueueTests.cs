using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class DueQueueTests
{
    private const int Customers = 12;

    private abstract record Step
    {
        public sealed record Move(int Who, Timestamp Due) : Step;

        public sealed record Take(long Limit) : Step;

        public sealed record Drop(int Who) : Step;
    }

    private static Gen<Step[]> Steps { get; } =
        Gen.Frequency(
                (
                    6,
                    from who in Gen.Choose(0, Customers - 1)
                    from due in Gen.Frequency(
                        (5, Gen.Choose(0, 30).Select(t => new Timestamp(t))),
                        (1, Gen.Constant(Timestamp.Never))
                    )
                    select (Step)new Step.Move(who, due)
                ),
                (3, Gen.Choose(0, 31).Select(limit => (Step)new Step.Take(limit))),
                (1, Gen.Choose(0, Customers - 1).Select(who => (Step)new Step.Drop(who)))
            )
            .ArrayOf();

    [Fact]
    public void Residents_come_up_by_due_instant_then_by_id_however_often_they_were_moved() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Arb.From(Steps), Follows));

    private static bool Follows(Step[] steps)
    {
        var queue = new DueQueue();
        Resident[] residents = [.. "fbdaechglkji".Select(name => new Resident(new($"{name}")))];
        IEnumerable<Resident> Waiting() =>
            residents.Where(r => r.NextDue != Timestamp.Never).OrderBy(r => r.NextDue).ThenBy(r => r.Id);
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Step.Move(var who, var due):
                    queue.Update(residents[who], due);
                    break;
                case Step.Drop(var who):
                    queue.Remove(residents[who]);
                    residents[who].NextDue = Timestamp.Never;
                    break;
                case Step.Take(var limit):
                    Resident? expected = Waiting().FirstOrDefault(r => r.NextDue.Milliseconds < limit);
                    Resident? taken = queue.TakeBefore(new(limit));
                    taken.ShouldBe(expected);
                    if (taken is not null)
                    {
                        taken.NextDue = Timestamp.Never;
                    }

                    break;
            }

            queue.Count.ShouldBeInRange(Waiting().Count(), residents.Length);
            queue.Earliest.ShouldBe(Waiting().FirstOrDefault()?.NextDue ?? Timestamp.Never);
        }

        return true;
    }
}
