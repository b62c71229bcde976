using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class EventDecoderTests
{
    [Fact]
    public void A_track_event_shows_all_its_parts()
    {
        EventView view = Decoded.Accept(
            """
            {"type":"track","event":"Order Completed","messageId":"m-1","userId":"u1","anonymousId":"a1",
             "timestamp":"2020-01-31T12:00:00.000Z","originalTimestamp":"2020-01-31T11:59:59Z",
             "sentAt":"2020-01-31T12:00:01Z","receivedAt":"2020-01-31T12:00:02Z",
             "properties":{"total":19.90},"traits":{"x":1},"context":{"ip":"::1"},"integrations":{"All":true}}
            """
        );

        view.Type.ShouldBe(EventType.Track);
        view.Name.ShouldBe("Order Completed");
        view.MessageId.GetString().ShouldBe("m-1");
        view.MessageKey.ShouldBe(XxHash64.Hash("m-1"u8));
        view.UserId.GetString().ShouldBe("u1");
        view.AnonymousId.GetString().ShouldBe("a1");
        view.TryGetCustomer(out CustomerId customer).ShouldBeTrue();
        customer.ShouldBe(new CustomerId("u1"));
        view.DeclaredTimestamp.ToString().ShouldBe("2020-01-31T12:00:00.000Z");
        view.OriginalTimestamp.ToString().ShouldBe("2020-01-31T11:59:59.000Z");
        view.SentAt.ToString().ShouldBe("2020-01-31T12:00:01.000Z");
        view.ReceivedAt.ToString().ShouldBe("2020-01-31T12:00:02.000Z");
        view.Body.At("total").Number().ShouldBe(19.9m);
        view.Root.At("context").At("ip").GetString().ShouldBe("::1");
    }

    [Theory]
    [InlineData("identify", EventType.Identify, "traits")]
    [InlineData("group", EventType.Group, "traits")]
    [InlineData("page", EventType.Page, "properties")]
    [InlineData("screen", EventType.Screen, "properties")]
    [InlineData("alias", EventType.Alias, "properties")]
    public void Another_type_is_its_own_name_and_has_its_own_body(string word, EventType type, string body)
    {
        string text =
            $$$"""{"type":"{{{word}}}","userId":"u","properties":{"in":"properties"},"traits":{"in":"traits"}}""";
        EventView view = Decoded.Accept(text);

        view.Type.ShouldBe(type);
        view.Name.ShouldBe(word);
        view.Body.At("in").GetString().ShouldBe(body);
        type.Word().ShouldBe(word);
    }

    [Theory]
    [InlineData("""{"type":"track","event":"e","userId":"u","properties":null,"context":null,"timestamp":null}""")]
    [InlineData("""{"type":"track","event":"e","userId":"u","messageId":"","anonymousId":null,"traits":null}""")]
    [InlineData("""{"\u0074ype":"tr\u0061ck","\u0065vent":"\u0065","userI\u0064":"\u0075"}""")]
    public void Null_and_the_empty_id_count_as_absent(string text)
    {
        EventView view = Decoded.Accept(text);

        view.Name.ShouldBe("e");
        view.UserId.GetString().ShouldBe("u");
        view.Body.IsMissing.ShouldBeTrue();
        view.MessageId.IsMissing.ShouldBeTrue();
        view.MessageKey.ShouldBe(0UL);
        view.AnonymousId.IsMissing.ShouldBeTrue();
        view.DeclaredTimestamp.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"type":"page","userId":"","anonymousId":"a"}""", "a")]
    [InlineData("""{"type":"page","userId":null,"anonymousId":"a"}""", "a")]
    [InlineData("""{"type":"page","userId":"u","anonymousId":""}""", "u")]
    [InlineData("""{"type":"page","userId":"u","anonymousId":"a"}""", "u")]
    public void The_customer_is_the_user_else_the_anonymous_id(string text, string expected)
    {
        EventView view = Decoded.Accept(text);

        view.Customer.GetString().ShouldBe(expected);
        view.TryGetCustomer(out CustomerId customer).ShouldBeTrue();
        customer.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "not-json: ")]
    [InlineData("{\"type\":\"page\"", "not-json: ")]
    [InlineData("{\"type\":\"page\",\"userId\":\"u\"} {}", "not-json: ")]
    [InlineData("[]", "not-an-object: an event must be a JSON object, not []")]
    [InlineData("\"track\"", "not-an-object: ")]
    [InlineData("{}", "missing-type: the event needs a type: one of track, ")]
    [InlineData("""{"type":null,"userId":"u"}""", "missing-type: ")]
    [InlineData("""{"type":"Track","userId":"u"}""", "unknown-type: type must be one of track, ")]
    [InlineData("""{"type":"","userId":"u"}""", "unknown-type: ")]
    [InlineData("""{"type":7,"userId":"u"}""", "wrong-type: type must be a string or absent, not 7")]
    [InlineData("""{"type":"track","userId":"u"}""", "missing-event-name: a track event needs its name in event")]
    [InlineData("""{"type":"track","event":"","userId":"u"}""", "missing-event-name: ")]
    [InlineData("""{"type":"track","event":null,"userId":"u"}""", "missing-event-name: ")]
    [InlineData("""{"type":"track","event":["e"],"userId":"u"}""", "wrong-type: event must be a string")]
    [InlineData("""{"type":"page","event":5,"userId":"u"}""", "wrong-type: event must be a string")]
    [InlineData("""{"type":"page"}""", "no-id: the event needs a userId or an anonymousId that is not empty")]
    [InlineData("""{"type":"page","userId":"","anonymousId":null}""", "no-id: ")]
    [InlineData("""{"type":"page","userId":42}""", "wrong-type: userId must be a string or absent, not 42")]
    [InlineData("""{"type":"page","userId":"u","anonymousId":{}}""", "wrong-type: anonymousId must be a string")]
    [InlineData("""{"type":"page","userId":"u","messageId":1}""", "wrong-type: messageId must be a string")]
    [InlineData("""{"type":"page","userId":"u\u0000"}""", "nul-character: userId must not contain U+0000")]
    [InlineData("""{"type":"track","event":"\u0000","userId":"u"}""", "nul-character: event must not contain U+0000")]
    [InlineData("""{"type":"page","userId":"u","timestamp":1580472000}""", "wrong-type: timestamp must be a string")]
    [InlineData("""{"type":"page","userId":"u","timestamp":""}""", "bad-timestamp: timestamp must be an ISO 8601 time")]
    [InlineData("""{"type":"page","userId":"u","sentAt":"soon"}""", "bad-timestamp: sentAt must be an ISO 8601 time")]
    [InlineData("""{"type":"page","userId":"u","receivedAt":true}""", "wrong-type: receivedAt must be a string")]
    [InlineData(
        """{"type":"page","userId":"u","originalTimestamp":"2023-02-29"}""",
        "bad-timestamp: originalTimestamp names a time that does not exist: \"2023-02-29\""
    )]
    [InlineData(
        """{"type":"page","userId":"u","timestamp":"0001-01-01T00:00+01:00"}""",
        "time-out-of-range: timestamp must lie in the years 0001 to 9999"
    )]
    [InlineData("""{"type":"page","userId":"u","properties":[]}""", "wrong-type: properties must be an object")]
    [InlineData("""{"type":"identify","userId":"u","traits":"x"}""", "wrong-type: traits must be an object")]
    [InlineData("""{"type":"page","userId":"u","context":1}""", "wrong-type: context must be an object")]
    [InlineData("""{"type":"page","userId":"u","integrations":[]}""", "wrong-type: integrations must be an object")]
    [InlineData(
        """{"type":"page","userId":"u","userI\u0064":"v"}""",
        "duplicate-key: the name \"userId\" occurs twice"
    )]
    [InlineData("""{"type":"page","userId":"u","properties":{"n":1e308}}""", "number-out-of-range: 1e308 is beyond ")]
    [InlineData("""{"type":"page","userId":"\ud800"}""", "invalid-utf8: an escape names half a surrogate pair")]
    public void A_refused_event_is_told_why(string text, string verdict) =>
        Decoded.Refuse(text).ToString().ShouldStartWith(verdict);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Decoded
            .Refuse([.. """{"type":"page","userId":"x"""u8, 0xFF, .. "\"}"u8])
            .Reason.ShouldBe(RejectReason.InvalidUtf8);

    [Fact]
    public void Size_depth_and_length_limits_have_their_own_reasons()
    {
        string padding = new(' ', EventLimits.Default.MaxBytes);
        string deep = new string('[', 40) + new string(']', 40);

        Decoded.Refuse($$"""{"type":"page","userId":"u"}{{padding}}""").Reason.ShouldBe(RejectReason.TooLarge);
        Decoded.Refuse($$"""{"type":"page","userId":"u","x":{{deep}}}""").Reason.ShouldBe(RejectReason.TooDeep);
        Decoded
            .Refuse($$"""{"type":"page","userId":"u","x":[{{Zeros(9_000)}}]}""")
            .Reason.ShouldBe(RejectReason.TooLarge);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("漢")]
    [InlineData("\\u6f22")]
    public void Ids_and_names_may_have_256_characters(string character)
    {
        string longest = string.Concat(Enumerable.Repeat(character, 256));

        Decoded.Accept($$"""{"type":"track","event":"{{longest}}","userId":"{{longest}}"}""");
        Decoded.Accept($$"""{"type":"page","anonymousId":"{{longest}}","messageId":"{{longest}}"}""");
        Decoded
            .Refuse($$"""{"type":"track","event":"{{longest}}{{character}}","userId":"u"}""")
            .ToString()
            .ShouldStartWith("too-long: event may have at most 256 characters");
        Decoded
            .Refuse($$"""{"type":"page","userId":"u","messageId":"{{longest}}{{character}}"}""")
            .ToString()
            .ShouldStartWith("too-long: messageId may have at most 256 characters");
    }

    [Fact]
    public void A_source_may_demand_message_ids()
    {
        EventLimits strict = EventLimits.Default with { RequireMessageId = true };

        Decoded.Accept("""{"type":"page","userId":"u","messageId":"m"}""", strict);
        Decoded.Refuse("""{"type":"page","userId":"u"}""", strict).Reason.ShouldBe(RejectReason.MissingMessageId);
        Decoded
            .Refuse("""{"type":"page","userId":"u","messageId":""}""", strict)
            .Reason.ShouldBe(RejectReason.MissingMessageId);
    }

    [Fact]
    public void An_implied_type_goes_before_the_events_own()
    {
        Decoded.Accept("""{"event":"e","userId":"u"}""", impliedType: EventType.Track).Name.ShouldBe("e");
        Decoded.Accept("""{"type":"track","userId":"u"}""", impliedType: EventType.Page).Name.ShouldBe("page");
        Decoded
            .Refuse("""{"userId":"u"}""", impliedType: EventType.Track)
            .Reason.ShouldBe(RejectReason.MissingEventName);
    }

    [Fact]
    public void A_bad_event_leaves_no_trace_in_the_next()
    {
        var decoder = new EventDecoder(EventLimits.Default);
        string full = """{"type":"track","event":"e","userId":"u","messageId":"m","timestamp":"2020-01-01"}""";
        decoder.TryDecode(Json.Utf8(full), out _, out _).ShouldBeTrue();
        decoder.TryDecode(Json.Utf8("""{"type":"page","userId":5}"""), out _, out _).ShouldBeFalse();

        decoder.TryDecode(Json.Utf8("""{"type":"page","anonymousId":"a"}"""), out EventView view, out _).ShouldBeTrue();

        view.Name.ShouldBe("page");
        view.Customer.GetString().ShouldBe("a");
        view.UserId.IsMissing.ShouldBeTrue();
        view.MessageKey.ShouldBe(0UL);
        view.DeclaredTimestamp.ShouldBeNull();
    }

    [Fact]
    public void More_names_than_the_table_holds_are_still_right()
    {
        var decoder = new EventDecoder(EventLimits.Default);
        for (int i = 0; i < 20_000; i++)
        {
            string name = $"é{i % 7_000}";
            byte[] text = Json.Utf8($$"""{"type":"track","event":"{{name}}","userId":"u"}""");
            decoder.TryDecode(text, out EventView view, out _).ShouldBeTrue();
            view.Name.ShouldBe(name);
        }
    }

    private static string Zeros(int count) => string.Join(',', Enumerable.Repeat('0', count));
}
