using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>The Big List of Naughty Strings in every place where an event has a string.</summary>
public sealed class NaughtyStringTests
{
    private static readonly string[] Strings = JsonSerializer.Deserialize<string[]>(
        EventFiles.Read("blns", "blns.json")
    )!;

    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_list_is_there() => Strings.Length.ShouldBeGreaterThan(500);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_and_names_come_back_exactly(bool isEscaped)
    {
        foreach (string naughty in Strings)
        {
            string text = Write(naughty, isEscaped);
            EventView view = Decoded.Accept(
                $$$"""{"type":"identify","userId":"u","traits":{"v":{{{text}}},"n":{ {{{text}}}:7 } } }"""
            );

            view.Body.At("v").GetString().ShouldBe(naughty);
            view.Body.At("v").ValueEquals(Json.Utf8(naughty)).ShouldBeTrue();
            view.Body.At("n").At(naughty).Number().ShouldBe(7m);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ids_and_event_names_come_back_exactly_or_are_refused_for_their_length(bool isEscaped)
    {
        var decoder = new EventDecoder(EventLimits.Default);
        foreach (string naughty in Strings)
        {
            string text = Write(naughty, isEscaped);
            byte[] utf8 = Json.Utf8(
                $$"""{"type":"track","event":{{text}},"userId":{{text}},"anonymousId":"a","messageId":{{text}}}"""
            );

            bool isValid = decoder.TryDecode(utf8, out EventView view, out Rejection rejection);

            isValid.ShouldBe(naughty.Length is > 0 and <= 256);
            if (isValid)
            {
                view.Name.ShouldBe(naughty);
                view.Customer.GetString().ShouldBe(naughty);
                view.MessageId.GetString().ShouldBe(naughty);
                view.MessageKey.ShouldBe(XxHash64.Hash(Json.Utf8(naughty)));
                continue;
            }

            rejection.Reason.ShouldBe(naughty.Length == 0 ? RejectReason.MissingEventName : RejectReason.TooLong);
        }
    }

    [Fact]
    public void A_refusal_quotes_no_control_characters()
    {
        foreach (string naughty in Strings)
        {
            string text = Write(naughty, isEscaped: false);
            Rejection rejection = Decoded.Refuse($$"""{"type":{{text}},"userId":"u"}""");
            rejection.Detail.ShouldAllBe(character => !char.IsControl(character));
        }
    }

    private static string Write(string naughty, bool isEscaped) =>
        JsonSerializer.Serialize(naughty, isEscaped ? JsonSerializerOptions.Default : Raw);
}
