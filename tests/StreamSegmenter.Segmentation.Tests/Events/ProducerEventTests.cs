using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>What public client libraries send.</summary>
public sealed class ProducerEventTests
{
    [Fact]
    public void A_page_of_the_segment_node_client_decodes()
    {
        EventView view = Decoded.Accept(
            """
            {"type":"page","name":"Home","category":"Docs","properties":{"category":"Docs","url":"https://x.test/"},
             "userId":"u1","messageId":"node-next-1700000000000-4ab3","timestamp":"2024-05-01T12:00:00.123Z",
             "integrations":{},"context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},
             "_metadata":{"nodeVersion":"20.0.0","jsRuntime":"node"}}
            """
        );

        view.Name.ShouldBe("page");
        view.Body.At("category").GetString().ShouldBe("Docs");
        view.Root.At("name").GetString().ShouldBe("Home");
        view.EventTime(null).ToString().ShouldBe("2024-05-01T12:00:00.123Z");
    }

    [Fact]
    public void An_alias_carries_its_previous_id()
    {
        EventView view = Decoded.Accept("""{"type":"alias","userId":"u1","previousId":"a1","messageId":"m"}""");

        view.Name.ShouldBe("alias");
        view.Body.IsMissing.ShouldBeTrue();
        view.Root.At("previousId").GetString().ShouldBe("a1");
    }

    [Fact]
    public void A_track_of_the_rudder_client_takes_its_time_from_original_and_sent()
    {
        EventView view = Decoded.Accept(
            """
            {"type":"track","event":"Order Completed","channel":"server","userId":"u1","anonymousId":null,
             "messageId":"m","originalTimestamp":"2024-05-01T14:00:00.000+02:00","sentAt":"2024-05-01T12:00:10.000Z",
             "properties":{"total":"12"},"context":{"library":{"name":"@rudderstack/rudder-sdk-node"}},
             "integrations":{"All":true}}
            """
        );

        Iso8601.TryParse("2024-05-01T12:01:00Z"u8, out Timestamp received).ShouldBeTrue();
        view.DeclaredTimestamp.ShouldBeNull();
        view.EventTime(received).ToString().ShouldBe("2024-05-01T12:00:50.000Z");
    }

    [Fact]
    public void A_group_reads_its_traits()
    {
        EventView view = Decoded.Accept("""{"type":"group","userId":"u1","groupId":"g1","traits":{"plan":"pro"}}""");

        view.Body.At("plan").GetString().ShouldBe("pro");
    }
}
