using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>Nicolas Seriot's JSONTestSuite, as whole texts and inside events.</summary>
public sealed class JsonTestSuiteTests
{
    /// <summary>Valid JSON that a tape refuses on purpose.</summary>
    private static readonly Dictionary<string, JsonFaultReason> Refused = new(StringComparer.Ordinal)
    {
        ["y_object_duplicated_key.json"] = JsonFaultReason.DuplicateKey,
        ["y_object_duplicated_key_and_value.json"] = JsonFaultReason.DuplicateKey,
        ["y_number.json"] = JsonFaultReason.NumberOutOfRange,
        ["y_number_real_fraction_exponent.json"] = JsonFaultReason.NumberOutOfRange,
        ["y_number_real_exponent.json"] = JsonFaultReason.NumberOutOfRange,
    };

    private static readonly string[] Names = [.. EventFiles.NamesIn("jsontestsuite", "test_parsing")];

    public static TheoryData<string> Files => [.. Names];

    [Fact]
    public void The_suite_is_there()
    {
        Names.Count(file => file[0] == 'y').ShouldBe(95);
        Names.Count(file => file[0] == 'n').ShouldBe(186);
        Names.Count(file => file[0] == 'i').ShouldBe(35);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_text_is_accepted_exactly_if_it_is_json(string file)
    {
        byte[] text = Read(file);
        var tape = new JsonTape(EventLimits.Default);

        bool isAccepted = tape.TryParse(text, out JsonFault fault);

        if (file[0] != 'i')
        {
            isAccepted.ShouldBe(file[0] == 'y' && !Refused.ContainsKey(file), fault.Message);
        }

        isAccepted.ShouldBe(fault.Reason == JsonFaultReason.None);
        tape.Root.IsMissing.ShouldBe(!isAccepted);
        if (Refused.TryGetValue(file, out JsonFaultReason reason))
        {
            fault.Reason.ShouldBe(reason);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void An_event_is_accepted_exactly_if_what_it_carries_is_json(string file)
    {
        byte[] text = Read(file);
        byte[] carrier =
        [
            .. """{"type":"track","event":"x","userId":"u","properties":{"value":"""u8,
            .. text,
            .. "}}"u8,
        ];
        var decoder = new EventDecoder(EventLimits.Default);

        bool isAccepted = decoder.TryDecode(carrier, out EventView view, out Rejection rejection);

        if (file[0] != 'i')
        {
            isAccepted.ShouldBe(file[0] == 'y' && !Refused.ContainsKey(file), rejection.ToString());
        }

        view.Body.IsMissing.ShouldBe(!isAccepted);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Properties_are_accepted_exactly_if_they_are_an_object_or_null(string file)
    {
        byte[] text = Read(file);
        byte[] carrier = [.. """{"type":"track","event":"x","userId":"u","properties":"""u8, .. text, .. "}"u8];
        var tape = new JsonTape(EventLimits.Default);
        bool isRight = tape.TryParse(text, out _) && tape.Root.Kind is JsonKind.Object or JsonKind.Null;

        bool isAccepted = new EventDecoder(EventLimits.Default).TryDecode(carrier, out _, out Rejection rejection);

        if (file[0] != 'i')
        {
            isAccepted.ShouldBe(isRight, rejection.ToString());
        }
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("[{\"\":", 50_000)]
    public void Deep_nesting_is_refused_whatever_its_depth(string opening, int times)
    {
        EventLimits limits = EventLimits.Default with { MaxBytes = 1 << 20, MaxTokens = 1 << 20 };
        Json.Refuse(string.Concat(Enumerable.Repeat(opening, times)), limits).Reason.ShouldBe(JsonFaultReason.TooDeep);
    }

    private static byte[] Read(string file) => EventFiles.Read("jsontestsuite", "test_parsing", file);
}
