using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

public sealed class ShardMemoryTests
{
    [Fact]
    public void A_full_timeline_gives_up_its_oldest_entries_and_counts_them()
    {
        var script = new ShardScript("sum(a.x) = 9", ShardScript.Limits with { MaxTimelineEntries = 3 });
        int[] evicted =
        [
            .. Enumerable.Range(1, 4).Select(x => script.Track(1_000 + x, "a", $"\"x\":{x}").EvictedEntries),
            // Older than all that is kept: it is the one to go.
            script.Track(2_000, "a", "\"x\":100", at: 500).EvictedEntries,
        ];

        evicted.ShouldBe([0, 0, 0, 1, 1]);
        script.Log.ShouldBe(["1004 c +s event m4 #1"]);
    }

    [Fact]
    public void With_one_unpacked_customer_the_same_comes_out_as_with_many()
    {
        string[] Run(int hot)
        {
            var script = new ShardScript(
                [
                    RuleTexts.Segment("counts", "count(a, 100ms) >= 2"),
                    RuleTexts.Segment("held", "sum(a.x, 70ms) > 3 for 20ms"),
                    RuleTexts.Segment("traits", "exists(a where x = profile.x, 90ms)"),
                ],
                ShardScript.Limits with
                {
                    HotCustomers = hot,
                }
            );
            for (int i = 0; i < 600; i++)
            {
                string customer = $"c{i * 7 % 5}";
                if (i % 11 == 0)
                {
                    script.Identify(1_000 + i * 3, $"\"x\":{i % 4}", customer);
                }
                else
                {
                    script.Track(1_000 + i * 3, "a", $"\"x\":{i % 4}", customer, at: 1_000 + i * 3 - i % 13);
                }
            }

            script.AdvanceTo(99_999);
            return [.. script.Log];
        }

        string[] many = Run(100);
        many.Length.ShouldBeGreaterThan(100);
        Run(1).ShouldBe(many);
        Run(2).ShouldBe(many);
    }

    [Fact]
    public void A_customer_who_was_stored_and_dropped_goes_on_where_it_stopped()
    {
        var script = new ShardScript("count(a, 100ms) >= 2 for 10ms", ShardScript.Limits with { HotCustomers = 1 });
        script.Track(1_000, "a", message: "first");
        script.Track(1_005, "a");
        script.Track(1_006, "x", customer: "other");
        var stored = script.Shard.TakeChanged().ToDictionary(packed => packed.Customer);

        script.Shard.Shrink(keep: 0).Milliseconds.ShouldBe(1_015);
        script.Shard.IsResident(new CustomerId("c")).ShouldBeFalse();
        script.Shard.NextDue.ShouldBe(Segmentation.Events.Timestamp.Never);
        PackedCustomer c = stored[new("c")];
        script.Shard.Admit(c.Customer, c.State, c.NextDue);
        script.Shard.NextDue.Milliseconds.ShouldBe(1_015);
        script.Track(1_007, "a", message: "first").Outcome.ShouldBe(ApplyOutcome.Duplicate);
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1015 c +s time #1", "1100 c -s time #2"]);
    }

    [Fact]
    public void A_changed_customer_is_handed_over_once_and_stays_until_then()
    {
        var script = new ShardScript("exists(a)", ShardScript.Limits with { HotCustomers = 1 });
        script.Track(1_000, "a");
        script.Track(1_001, "a");
        script.Track(1_002, "a", customer: "other");
        script.Shard.Shrink(keep: 0);
        script.Shard.ResidentCustomers.ShouldBe(2);

        script.Shard.TakeChanged().Select(packed => packed.Customer.Value).ShouldBe(["c", "other"]);

        script.Shard.TakeChanged().ShouldBeEmpty();
        script.Shard.Shrink(keep: 0);
        script.Shard.ResidentCustomers.ShouldBe(1);
    }

    [Fact]
    public void Admitting_who_is_there_already_changes_nothing()
    {
        var script = new ShardScript("count(a) = 2");
        script.Track(1_000, "a");
        PackedCustomer old = script.Shard.TakeChanged()[0];
        script.Track(1_001, "a");

        script.Shard.Admit(old.Customer, old.State, old.NextDue);
        script.Track(1_002, "a");

        script.Log.ShouldBe(["1001 c +s event m2 #1", "1002 c -s event m3 #2"]);
    }
}
