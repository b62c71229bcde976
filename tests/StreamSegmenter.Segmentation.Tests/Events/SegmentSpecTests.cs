using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>The payloads that the Segment Spec shows.</summary>
public sealed class SegmentSpecTests
{
    /// <summary>Examples that show a call's own fields only, without saying whose they are.</summary>
    private static readonly string[] WithoutId = ["group.md#0", "page.md#0", "screen.md#0", "track.md#0"];

    /// <summary>Profiles and traits, which are no calls.</summary>
    private static readonly string[] NoCalls = ["computed-traits.md#1", "faqs.md#0", "faqs.md#1", "profile-api.md#0"];

    [Fact]
    public void Calls_with_type_and_id_decode_and_others_are_refused_for_what_they_lack()
    {
        int decoded = 0;
        foreach ((string place, string type, string payload) in Payloads())
        {
            RejectReason expected =
                type.Length == 0 ? RejectReason.MissingType
                : WithoutId.Contains(place) ? RejectReason.NoId
                : RejectReason.None;
            var decoder = new EventDecoder(EventLimits.Default);
            decoder.TryDecode(Json.Utf8(payload), out EventView view, out Rejection rejection);

            rejection.Reason.ShouldBe(expected, place);
            decoded += expected == RejectReason.None ? 1 : 0;
            view.Root.IsMissing.ShouldBe(expected != RejectReason.None);
        }

        decoded.ShouldBe(33);
    }

    [Fact]
    public void Calls_shown_without_type_are_tracks_at_the_track_address()
    {
        int decoded = 0;
        foreach ((string place, string type, string payload) in Payloads())
        {
            if (type.Length > 0)
            {
                continue;
            }

            RejectReason expected =
                NoCalls.Contains(place) ? RejectReason.MissingEventName
                : place.StartsWith("email.md", StringComparison.Ordinal) ? RejectReason.NoId
                : RejectReason.None;
            var decoder = new EventDecoder(EventLimits.Default);
            decoder.TryDecode(Json.Utf8(payload), EventType.Track, out EventView view, out Rejection rejection);

            rejection.Reason.ShouldBe(expected, place);
            view.Body.Kind.ShouldBe(expected == RejectReason.None ? JsonKind.Object : JsonKind.Missing);
            decoded += expected == RejectReason.None ? 1 : 0;
        }

        decoded.ShouldBe(33);
    }

    [Fact]
    public void The_course_example_has_the_time_of_its_timestamp()
    {
        string payload = Payloads().Single(one => one.Place == "track.md#2").Payload;

        EventView view = Decoded.Accept(payload);

        view.Name.ShouldBe("Course Clicked");
        view.Customer.GetString().ShouldBe("AiUGstSDIg");
        view.EventTime(null).ToString().ShouldBe("2015-12-12T19:11:01.249Z");

        // The example's own timestamp is what its three other times give.
        Timestamp skewless = view.ReceivedAt!.Value.Minus(
            view.SentAt!.Value.Milliseconds - view.OriginalTimestamp!.Value.Milliseconds
        );
        skewless.ShouldBe(view.DeclaredTimestamp!.Value);
        view.Body.At("title").GetString().ShouldBe("Intro to Analytics");
    }

    [Fact]
    public void Blocks_that_are_not_strict_json_are_refused()
    {
        string[] lines = EventFiles.ReadLines("segment_spec", "not_strict_json.ndjson");
        lines.Length.ShouldBe(8);
        foreach (string line in lines)
        {
            string text = Json.Parse(line).At("text").GetString();
            Decoded.Refuse(text, impliedType: EventType.Track).Reason.ShouldBe(RejectReason.NotJson, line);
        }
    }

    private static IEnumerable<(string Place, string Type, string Payload)> Payloads()
    {
        foreach (string line in EventFiles.ReadLines("segment_spec", "payloads.ndjson"))
        {
            JsonCursor root = Json.Parse(line);
            string place = $"{Path.GetFileName(root.At("file").GetString())}#{root.At("index")}";
            string payload = Encoding.UTF8.GetString(root.At("payload").RawUtf8);
            yield return (place, root.At("payload").At("type").GetString(), payload);
        }
    }
}
