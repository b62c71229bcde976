using System.Text;
using System.Text.Json;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>What goes into the outbox.</summary>
public sealed class ShardPushTests
{
    [Fact]
    public void A_push_says_what_happened_and_why()
    {
        SegmentActions vip = new(
            new(new("vip"), "they \"buy\" <much>", "count(purchase, 1h) >= 1", TimeSpan.Zero),
            OnEnter: [new(Chat, """{"template":"t","n":[1,2]}"""u8.ToArray())],
            OnExit: [new(Mail, "{}"u8.ToArray())]
        );
        ShardRig rig = new([vip]);
        rig.Start();
        string identify = """{"type":"identify","userId":"u1","traits":{"name":"Zoë","age":1.50,"old":null}}""";
        string purchase =
            """{"type":"track","event":"purchase","userId":"u1", "messageId":"m\"1","properties":{"amount":1.0}}""";
        rig.Append(Record(identify), Record(purchase));
        rig.Advance(TimeSpan.FromHours(2));

        List<PendingPush> pushes = rig.Pushes();
        Encoding
            .UTF8.GetString(pushes[0].Push.Content.Span)
            .ShouldBe(
                """
                {"customer":"u1","transition":{"kind":"entered","at":"2020-01-01T00:00:00.000Z","cause":"event","number":1,
                "messageId":"m\"1"},"segment":{"name":"vip","description":"they \"buy\" <much>"},"profile":{"age":1.50,
                "name":"Zoë"},"event":
                """.ReplaceLineEndings("")
                    + purchase
                    + ""","options":{"template":"t","n":[1,2]}}"""
            );
        Encoding
            .UTF8.GetString(pushes[1].Push.Content.Span)
            .ShouldBe(
                """
                {"customer":"u1","transition":{"kind":"exited","at":"2020-01-01T01:00:00.000Z","cause":"time","number":2,
                "messageId":null},"segment":{"name":"vip","description":"they \"buy\" <much>"},"profile":{"age":1.50,
                "name":"Zoë"},"event":null,"options":{}}
                """.ReplaceLineEndings("")
            );
        pushes.ShouldAllBe(push => JsonDocument.Parse(push.Push.Content, default) != null);
        pushes
            .Select(push => push.MadeAt.ToString())
            .ShouldBe(["2020-01-01T00:00:00.000Z", "2020-01-01T01:00:00.000Z"]);
    }

    [Fact]
    public void The_identity_of_a_push_is_the_one_documented()
    {
        ShardRig rig = new([Segment("vip", "count(purchase, 1h) >= 1")]);
        rig.Start();
        rig.Append(Track("u1", "purchase"));

        // printf '2:u1\n3:vip\n1\n4:chat\n1' | sha256sum
        rig.Pushes().ShouldHaveSingleItem().Push.Id.Value.ShouldBe("339392a03850c4beb492ebd6bbfbfc10");
    }

    [Fact]
    public void A_replay_writes_the_same_bytes()
    {
        List<string> contents = [];
        foreach (Fault fault in (Fault[])[Fault.None, Fault.CrashBefore])
        {
            ShardRig rig = new([Segment("vip", "count(purchase, 1h) >= 1")]);
            rig.AppendUnseen(Track("u1", "purchase", "m1", """{"amount":0.1e1,"x":"\u00e4\ud83d\ude00"}"""));
            rig.Start(plan: call => call == StoreCall.Effects ? fault : Fault.None);
            rig.Advance(TimeSpan.FromMinutes(1));
            rig.Start();
            contents.Add(Encoding.UTF8.GetString(rig.Pushes().ShouldHaveSingleItem().Push.Content.Span));
        }

        contents[0].ShouldBe(contents[1]);
    }

    [Fact]
    public void A_cooldown_holds_pushes_back_but_no_transitions()
    {
        ShardRig rig = new([Segment("vip", "count(purchase, 1h) >= 1", cooldown: TimeSpan.FromHours(5))]);
        rig.Start();
        for (int i = 0; i < 4; i++)
        {
            rig.Append(Track("u1", "purchase"), Track($"other{i}", "purchase"));
            rig.Advance(TimeSpan.FromHours(2));
        }

        rig.Transitions().Count(t => t.Customer.Value == "u1").ShouldBe(8);
        List<PendingPush> pushes = [.. rig.Pushes().Where(push => push.Push.Customer.Value == "u1")];

        // Entered at 0, 2, 4 and 6 o'clock; exits know no cooldown.
        pushes
            .Where(push => push.Push.Connector == Chat)
            .Select(push => push.MadeAt.ToDateTimeOffset().Hour)
            .ShouldBe([0, 6]);
        pushes.Count(push => push.Push.Connector == Mail).ShouldBe(4);
        rig.Pushes().Count(push => push.Push.Connector == Chat).ShouldBe(6);
    }

    [Fact]
    public void Several_pushes_of_one_transition_to_one_connector_are_told_apart()
    {
        PushTarget target = new(Chat, "{}"u8.ToArray());
        ShardRig rig = new([Segment("vip", "count(purchase, 1h) >= 1") with { OnEnter = [target, target, target] }]);
        rig.Start();
        rig.Append(Track("u1", "purchase"));

        rig.Pushes().Select(push => push.Push.Id).ShouldBeUnique();
        rig.Pushes().Select(push => push.Place.Sequence).ShouldBe([1, 2, 3]);
    }

    private static NewRecord Record(string json) => new(new("u1"), Encoding.UTF8.GetBytes(json));
}
