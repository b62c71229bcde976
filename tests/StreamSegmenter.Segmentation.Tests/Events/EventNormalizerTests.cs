using System.Buffers;
using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class EventNormalizerTests
{
    private const string Received = "\"receivedAt\":\"2024-05-01T12:00:00.007Z\"";

    private static readonly Timestamp ReceivedAt = Timestamp.From(new(2024, 5, 1, 12, 0, 0, 7, TimeSpan.Zero));
    private static readonly Timestamp SentAt = Timestamp.From(new(2024, 5, 1, 11, 59, 59, TimeSpan.Zero));
    private static readonly IngestEnvelope Envelope = new(ReceivedAt, SentAt, "generated-1");

    [Fact]
    public void Everything_else_keeps_its_bytes()
    {
        const string known = """
            "type":"track","messageId":"m","sentAt":"2024-05-01T11:00:00Z", "userId":"u"
            """;
        const string rest = """
            "event":"\u0065 x" ,
              "properties" : {"n":1.50e+0, "big":12345678901234567890.10, "s":"\/"}
            """;

        Normalize($"{{ {known} , {rest} }}").ShouldBe($"{{{Received},{known} , {rest}}}");
    }

    [Theory]
    [InlineData("""{"receivedAt":"1999-01-01","type":"page","userId":"u","messageId":"m","sentAt":"2024-05-01"}""")]
    [InlineData("""{"type":"page","userId":"u","receivedA\u0074":null,"messageId":"m","sentAt":"2024-05-01"}""")]
    [InlineData("""{"type":"page","userId":"u","messageId":"m","sentAt":"2024-05-01","receivedAt":"1999-01-01"}""")]
    public void What_the_client_says_of_receivedAt_is_replaced(string text) =>
        Normalize(text)
            .ShouldBe($$"""{{{Received}},"type":"page","userId":"u","messageId":"m","sentAt":"2024-05-01"}""");

    [Theory]
    [InlineData("""{"type":"page","userId":"u"}""", ""","type":"page","userId":"u"}""")]
    [InlineData("""{"messageId":"","type":"page","userId":"u","sentAt":null}""", ""","type":"page","userId":"u"}""")]
    [InlineData("""{"messageId":null,"userId":"u","sentAt":null,"type":"page"}""", ""","userId":"u","type":"page"}""")]
    public void An_absent_message_id_and_time_sent_are_added(string text, string tail) =>
        Normalize(text)
            .ShouldBe($$"""{{{Received}},"sentAt":"2024-05-01T11:59:59.000Z","messageId":"generated-1"{{tail}}""");

    [Fact]
    public void What_the_envelope_lacks_is_not_added() =>
        Normalize("""{"type":"page","userId":"u"}""", new IngestEnvelope(ReceivedAt))
            .ShouldBe($$"""{{{Received}},"type":"page","userId":"u"}""");

    [Theory]
    [InlineData("""{"event":"e","userId":"u"}""")]
    [InlineData("""{"type":null,"event":"e","userId":"u"}""")]
    [InlineData("""{"event":"e","type":"page","userId":"u"}""")]
    public void An_implied_type_is_written(string text) =>
        Normalize(text, new IngestEnvelope(ReceivedAt), EventType.Track)
            .ShouldBe($$"""{{{Received}},"type":"track","event":"e","userId":"u"}""");

    [Fact]
    public void An_event_at_every_limit_still_fits_behind_the_ingest()
    {
        EventLimits limits = EventLimits.Default with { MaxBytes = 60, MaxTokens = 5 };
        string text = """{"event":"e","userId":"u"}""".PadRight(60);
        var envelope = new IngestEnvelope(ReceivedAt, SentAt, new string('x', IngestEnvelope.MaxMessageIdLength));

        string written = Normalize(text, envelope, EventType.Identify, limits);

        Decoded.Accept(written, limits.BehindIngest()).Type.ShouldBe(EventType.Identify);
        written.Length.ShouldBeLessThanOrEqualTo(60 + EventNormalizer.MaxAddedBytes);
    }

    [Fact]
    public void A_normalised_event_reads_the_same_but_for_its_envelope()
    {
        foreach (string line in EventFiles.ReadLines("segment_spec", "payloads.ndjson"))
        {
            string payload = Encoding.UTF8.GetString(Json.Parse(line).At("payload").RawUtf8);
            var decoder = new EventDecoder(EventLimits.Default);
            if (!decoder.TryDecode(Json.Utf8(payload), EventType.Identify, out _, out _))
            {
                continue;
            }

            JsonCursor before = Json.Parse(payload);
            EventView after = Decoded.Accept(Normalize(payload, Envelope, EventType.Identify));
            after.ReceivedAt.ShouldBe(ReceivedAt);
            after.MessageId.IsMissing.ShouldBeFalse();
            after.SentAt.ShouldNotBeNull();
            foreach (JsonMember member in before.EnumerateObject())
            {
                if (member.Name is not ("receivedAt" or "type"))
                {
                    after.Root.At(member.Name).ToString().ShouldBe(member.Value.ToString());
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("é")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_generated_id_that_would_need_escapes_or_is_too_long_is_a_mistake(string messageId) =>
        Should.Throw<ArgumentException>(() => new IngestEnvelope(ReceivedAt, messageId: messageId));

    [Fact]
    public void An_empty_view_cannot_be_written()
    {
        var decoder = new EventDecoder(EventLimits.Default);
        decoder.TryDecode("[]"u8.ToArray(), out EventView view, out _).ShouldBeFalse();

        Should.Throw<ArgumentException>(() => EventNormalizer.Write(view, Envelope, new ArrayBufferWriter<byte>()));
    }

    private static string Normalize(string text) => Normalize(text, Envelope);

    private static string Normalize(
        string text,
        IngestEnvelope envelope,
        EventType? impliedType = null,
        EventLimits? limits = null
    )
    {
        var output = new ArrayBufferWriter<byte>();
        EventNormalizer.Write(Decoded.Accept(text, limits, impliedType), envelope, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
