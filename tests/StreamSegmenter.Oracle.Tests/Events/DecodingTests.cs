namespace StreamSegmenter.Oracle.Tests.Events;

public sealed class DecodingTests
{
    private const string Who = "\"type\":\"track\",\"event\":\"a\",\"userId\":\"c\"";

    [Theory]
    [InlineData("2020-01-31T12:00:00.000Z", 1580472000000)]
    [InlineData("2020-01-31T12:00:00Z", 1580472000000)]
    [InlineData("2020-01-31T12:00:00", 1580472000000)]
    [InlineData("2020-01-31T12:00:00.5", 1580472000500)]
    [InlineData("2020-01-31T12:00:00.1239999Z", 1580472000123)]
    [InlineData("2020-01-31T13:30:00+01:30", 1580472000000)]
    [InlineData("2020-01-31T10:00:00-0200", 1580472000000)]
    [InlineData("2020-01-31T11:00-01", 1580472000000)]
    [InlineData("2020-01-31 12:00:00Z", 1580472000000)]
    [InlineData("2020-01-31", 1580428800000)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    public void It_understands_these_times(string timestamp, long at) =>
        At($"{{{Who},\"timestamp\":\"{timestamp}\"}}").ShouldBe(at);

    [Fact]
    public void Event_time_is_corrected_by_the_clock_of_the_sender()
    {
        // Sent 20 s after it happened, by the sender's clock; received at 12:00:00.
        const string json =
            $"{{{Who},\"originalTimestamp\":\"2019-05-05T05:05:05Z\",\"sentAt\":\"2019-05-05T05:05:25Z\","
            + "\"receivedAt\":\"2020-01-31T12:00:00Z\"}";
        Since(json, "20s").ShouldBe(1580472000000);
    }

    [Fact]
    public void A_timestamp_is_believed_before_the_others()
    {
        const string json =
            $"{{{Who},\"originalTimestamp\":\"2019-05-05T05:05:05Z\",\"sentAt\":\"2019-05-05T05:05:25Z\","
            + "\"receivedAt\":\"2020-01-31T12:00:00Z\",\"timestamp\":\"2020-01-31T11:00:00Z\"}";
        Since(json, "1h").ShouldBe(1580472000000);
    }

    [Fact]
    public void Without_timestamp_it_happened_when_it_was_received() =>
        Since($"{{{Who},\"receivedAt\":\"2020-01-31T12:00:00Z\",\"sentAt\":\"2020-01-31T11:00:00Z\"}}", "0s")
            .ShouldBe(1580472000000);

    [Theory]
    [InlineData("{\"userId\":\"u\",\"anonymousId\":\"v\",", "u")]
    [InlineData("{\"userId\":\"\",\"anonymousId\":\"v\",", "v")]
    [InlineData("{\"userId\":null,\"anonymousId\":\"v\",", "v")]
    [InlineData("{\"anonymousId\":\"v\",", "v")]
    public void The_customer_is_the_user_else_the_anonymous_one(string start, string customer) =>
        Run(start + "\"type\":\"page\",\"timestamp\":\"2020-01-31\"}").Transitions.Single().Customer.ShouldBe(customer);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":\"track\",\"event\":\"a\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"event\":\"a\",\"userId\":\"\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"event\":\"a\",\"userId\":7,\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"event\":\"a\",\"userId\":\"u\",\"anonymousId\":7,\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"event\":\"\",\"userId\":\"u\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"event\":7,\"userId\":\"u\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"track\",\"userId\":\"u\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"type\":\"Track\",\"event\":\"a\",\"userId\":\"u\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{\"event\":\"a\",\"userId\":\"u\",\"timestamp\":\"2020-01-31\"}")]
    [InlineData("{" + Who + "}")]
    [InlineData("{" + Who + ",\"sentAt\":\"2020-01-31\",\"originalTimestamp\":\"2020-01-31\"}")]
    [InlineData("{" + Who + ",\"timestamp\":\"\"}")]
    [InlineData("{" + Who + ",\"timestamp\":\"31.1.2020\"}")]
    [InlineData("{" + Who + ",\"timestamp\":\"2020-02-30\"}")]
    [InlineData("{" + Who + ",\"timestamp\":\"2020-01-31T25:00:00Z\"}")]
    [InlineData("{" + Who + ",\"timestamp\":1580472000000}")]
    [InlineData("{" + Who + ",\"timestamp\":\"2020-01-31\",\"properties\":[]}")]
    [InlineData("{" + Who + ",\"timestamp\":\"2020-01-31\",\"context\":\"x\"}")]
    [InlineData("{" + Who + ",\"timestamp\":\"2020-01-31\",\"messageId\":7}")]
    [InlineData("{\"type\":\"identify\",\"userId\":\"u\",\"timestamp\":\"2020-01-31\",\"traits\":\"x\"}")]
    public void It_is_no_event(string json)
    {
        var result = Run("", json);
        result.Transitions.ShouldBeEmpty();
        result
            .DeadLetters.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                letter => letter.Line.ShouldBe(2),
                letter => letter.Text.ShouldBe(json),
                letter => letter.Reason.ShouldNotBeEmpty()
            );
    }

    [Fact]
    public void A_bad_line_neither_stops_the_stream_nor_moves_the_clock()
    {
        var result = OracleRun.Simulate(
            new OracleConfig([new("s", "exists(a, 10ms)")]),
            [
                Track(100, "a"),
                "{\"type\":\"track\",\"userId\":\"d\",\"timestamp\":\"1970-01-01T00:00:09Z\"}",
                Track(105, "a"),
            ]
        );
        result.Transitions.Select(t => (t.At, t.Entered)).ShouldBe([(100, true)]);
        result.DeadLetters.Count.ShouldBe(1);
    }

    private static OracleResult Run(params string[] lines) =>
        OracleRun.Simulate(new OracleConfig([new("s", "exists(any)")]), lines);

    private static long At(string json) => Run(json).Transitions.Single().At;

    private static long Since(string json, string since) =>
        OracleRun.Simulate(new OracleConfig([new("s", $"since(a) = {since}")]), [json]).Transitions.Single().At;
}
