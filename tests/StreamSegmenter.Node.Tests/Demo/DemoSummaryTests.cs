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
    public void What_was_given_up_or_waits_is_explained()
    {
        DemoSummary
            .ReasonsOf(
                new(1, 33, 1_496),
                ("rejected: no address at profile.email", 1_400),
                DeliveryResult.Retry("Not sent: connection refused.")
            )
            .ShouldBe([
                "given up, 1,400 of 1,496: rejected: no address at profile.email",
                "1 pending; the last attempt that failed: Not sent: connection refused.",
            ]);
        DemoSummary
            .ReasonsOf(new(2, 0, 0), givenUp: null, lastFailure: null)
            .ShouldBe(["2 pending: no attempt has failed; they may be for later, by policy"]);
        DemoSummary.ReasonsOf(new(0, 3, 0), givenUp: null, DeliveryResult.Retry("once")).ShouldBeEmpty();
    }

    [Fact]
    public void The_most_frequent_reason_of_each_connector_is_kept()
    {
        var report = new DemoReport(TextWriter.Null, TimeProvider.System);
        foreach ((string connector, string reason) in new[] { ("a", "x"), ("a", "y"), ("a", "y"), ("b", "z") })
        {
            Push push = new(new("0"), new(connector), new("u1"), 0, default);
            report.AttemptEnded(push, DeliveryResult.Retry(reason), TimeSpan.Zero);
            report.PushFinished(push, new OutboxUpdate.Dead(push.Id, 1, default, reason));
        }

        report.MostGivenUp(new("a")).ShouldBe(("y", 2));
        report.MostGivenUp(new("b")).ShouldBe(("z", 1));
        report.MostGivenUp(new("c")).ShouldBeNull();
        report.LastFailure(new("a"))!.Detail.ShouldBe("y");
        report.LastFailure(new("c")).ShouldBeNull();
    }

    [Fact]
    public void What_did_not_happen_is_left_out_but_for_deliveries()
    {
        DemoSummary.EndsOf(new(0, 12, 0)).ShouldBe("12 delivered");
        DemoSummary.EndsOf(new(0, 0, 0) { Dropped = 3 }).ShouldBe("0 delivered, 3 dropped by policy");
    }
}
