using StreamSegmenter.Node.Demo;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Tests.Demo;

public sealed class DemoSummaryTests
{
    [Fact]
    public void The_ends_of_pushes_add_up_to_them()
    {
        OutboxCounts all = new(1, 2000, 3)
        {
            Dropped = 4,
            Merged = 5,
            Unknown = 6,
            Held = 7,
            Discarded = 8,
        };
        DemoSummary
            .EndsOf(all)
            .ShouldBe(
                "2,000 delivered, 3 given up, 4 dropped by policy, 5 merged into others, 6 of unknown outcome, 7 held, "
                    + "8 discarded, 1 pending"
            );
        all.Total.ShouldBe(2034);
    }

    [Fact]
    public void What_did_not_happen_is_left_out_but_for_deliveries()
    {
        DemoSummary.EndsOf(new(0, 12, 0)).ShouldBe("12 delivered");
        DemoSummary.EndsOf(new(0, 0, 0) { Dropped = 3 }).ShouldBe("0 delivered, 3 dropped by policy");
    }
}
