using System.Text.Json;
using NodaTime;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>The configured policy, asked by real relays over a store: what goes out when.</summary>
public sealed class PushPolicyDeskTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_cap_over_two_connectors_lets_one_out_and_the_other_exactly_when_there_is_room()
    {
        using DeskRig rig = Rig(new() { Caps = [new() { AtMost = 1, Within = Hour }] });
        Timestamp start = rig.Now;

        rig.Commit("a@mail", "b@chat", "c@mail/bob");
        rig.Loop.Advance(Hour * 3);

        Times(rig, "mail", start).ShouldBe([("a", TimeSpan.Zero), ("c", TimeSpan.Zero)]);
        Times(rig, "chat", start).ShouldBe([("b", Hour)]);
        rig.Counts("chat").ShouldBe(new OutboxCounts(0, 1, 0));
    }

    [Fact]
    public void What_gathered_goes_out_as_one_that_lists_all()
    {
        using DeskRig rig = Rig(new(), new() { Digest = Hour });
        Timestamp start = rig.Now;

        rig.Commit("a");
        rig.Loop.Advance(Hour / 2);
        rig.Commit("b", "c");
        rig.Loop.Advance(Hour);

        Times(rig, "mail", start).ShouldBe([("a", Hour)]);
        using var content = JsonDocument.Parse(rig.Mail.Calls[0].Push.Content);
        content
            .RootElement.GetProperty(PushContent.Digest)
            .EnumerateArray()
            .Select(item => item.GetProperty(PushContent.Segment).GetString())
            .ShouldBe(["a", "b", "c"]);
        rig.Counts().ShouldBe(new OutboxCounts(0, 1, 0) { Merged = 2 });
    }

    [Fact]
    public void The_night_delays_everything_and_loses_nothing()
    {
        // The virtual clock begins at midnight.
        using DeskRig rig = Rig(
            new()
            {
                QuietHours = new() { From = new(22, 0), To = new(7, 30) },
            }
        );
        Timestamp start = rig.Now;

        rig.Commit("a", "b@chat");
        rig.Loop.Advance(Hour * 24);

        Times(rig, "mail", start).ShouldBe([("a", Hour * 7.5)]);
        Times(rig, "chat", start).ShouldBe([("b", Hour * 7.5)]);
    }

    [Fact]
    public void A_refused_push_gives_its_place_back()
    {
        using DeskRig rig = Rig(new() { Caps = [new() { AtMost = 1, Within = Hour * 24 }] });
        Timestamp start = rig.Now;
        rig.Mail.Always(DeliveryResult.Rejected("no such address"));

        rig.Commit("a@mail", "b@mail");
        rig.Loop.Advance(Hour * 48);

        Times(rig, "mail", start).Select(call => call.Id).ShouldBe(["a", "b"]);
        Times(rig, "mail", start)[1].After.ShouldBeLessThan(Hour * 24 + TimeSpan.FromSeconds(1));
        rig.Counts().ShouldBe(new OutboxCounts(0, 0, 2));
    }

    private static DeskRig Rig(PolicyOptions options, PushRules? rules = null)
    {
        var connector = new ConnectorPolicy("email", PurposeOptions.Service, null, rules ?? options.Defaults);
        var rig = new DeskRig(null, "mail", "chat");
        rig.Policy.Instead = new PushPolicy(
            new()
            {
                Options = options,
                TimeZone = DateTimeZone.Utc,
                Connectors = new Dictionary<ConnectorName, ConnectorPolicy>
                {
                    [new("mail")] = connector,
                    [new("chat")] = connector,
                },
                Segments = [],
                Holdouts = new Dictionary<SegmentName, decimal>(),
                ReadDuration = static (string _, out TimeSpan duration) =>
                {
                    duration = default;
                    return false;
                },
            }
        );
        rig.Run();
        return rig;
    }

    private static List<(string Id, TimeSpan After)> Times(DeskRig rig, string connector, Timestamp start) =>
        rig.Connectors[connector]
            .Calls.ConvertAll(call =>
                (call.Push.Id.Value, TimeSpan.FromMilliseconds(call.At.Milliseconds - start.Milliseconds))
            );
}
