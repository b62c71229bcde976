using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class EventTimeTests
{
    private static readonly Timestamp Noon = Parse("2024-05-01T12:00:00Z");

    [Theory]
    [InlineData("", null)]
    [InlineData(""","timestamp":"2024-05-01T09:00:00Z" """, "2024-05-01T09:00:00.000Z")]
    [InlineData(""","receivedAt":"2024-05-01T10:00:00Z" """, "2024-05-01T10:00:00.000Z")]
    [InlineData(""","originalTimestamp":"2024-05-01T01:00:00Z","sentAt":"2024-05-01T01:00:05Z" """, null)]
    public void Without_a_time_received_only_what_the_event_says_counts(string fields, string? expected) =>
        TimeOf(fields, received: null).ShouldBe(expected);

    [Theory]
    [InlineData("", "2024-05-01T12:00:00.000Z")]
    [InlineData(""","receivedAt":"2024-05-01T10:00:00Z" """, "2024-05-01T10:00:00.000Z")]
    [InlineData(""","sentAt":"2024-05-01T01:00:05Z" """, "2024-05-01T12:00:00.000Z")]
    [InlineData(""","originalTimestamp":"2024-05-01T01:00:05Z" """, "2024-05-01T12:00:00.000Z")]
    [InlineData(
        ""","originalTimestamp":"1999-01-01T00:00:00Z","sentAt":"1999-01-01T00:00:05.5Z" """,
        "2024-05-01T11:59:54.500Z"
    )]
    [InlineData(
        ""","originalTimestamp":"2024-05-01T01:00","sentAt":"2024-05-01T01:00:05","receivedAt":"2024-05-01T10:00" """,
        "2024-05-01T09:59:55.000Z"
    )]
    [InlineData(
        ""","timestamp":"2024-05-01T09:00:00Z","originalTimestamp":"2024-05-01T01:00Z","sentAt":"2024-05-01T02:00Z" """,
        "2024-05-01T09:00:00.000Z"
    )]
    public void A_clock_error_cancels_between_sent_and_original(string fields, string expected) =>
        TimeOf(fields, Noon).ShouldBe(expected);

    [Theory]
    [InlineData(""","originalTimestamp":"0001-01-01","sentAt":"9999-12-31" """, "0001-01-01T00:00:00.000Z")]
    [InlineData(""","originalTimestamp":"9999-12-31","sentAt":"0001-01-01" """, "9999-12-31T23:59:59.999Z")]
    public void An_absurd_clock_error_stays_within_the_calendar(string fields, string expected) =>
        TimeOf(fields, Noon).ShouldBe(expected);

    private static string? TimeOf(string fields, Timestamp? received) =>
        Decoded.Accept($$"""{"type":"page","userId":"u"{{fields}}}""").EventTime(received)?.ToString();

    private static Timestamp Parse(string text)
    {
        Iso8601.TryParse(Json.Utf8(text), out Timestamp value).ShouldBeTrue();
        return value;
    }
}
