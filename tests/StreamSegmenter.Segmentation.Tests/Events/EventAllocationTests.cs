using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class EventAllocationTests
{
    private const int Events = 10_000;

    [Fact]
    public void Decoding_and_reading_warmed_events_allocates_nothing()
    {
        byte[][] texts =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i =>
                    Json.Utf8(
                        $$$"""
                        {"type":"track","event":"Ev\u00e9nt {{{i}}}","messageId":"m-{{{i}}}","userId":"u{{{i}}}",
                         "timestamp":"2024-05-01T12:00:00.000+02:00","context":{"page":{"path":"\/a\/{{{i}}}"}},
                         "properties":{"price":{{{i}}}.50,"tags":["x","y"],
                          "category":"shoes","long":123456789012345678901.5}}
                        """
                    )
                ),
        ];
        var decoder = new EventDecoder(EventLimits.Default);
        Decode(decoder, texts).ShouldBe(Events);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int decoded = Decode(decoder, texts);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        decoded.ShouldBe(Events);
        allocated.ShouldBeLessThan(Events / 10, "bytes for all events together");
    }

    private static int Decode(EventDecoder decoder, byte[][] texts)
    {
        int right = 0;
        Span<byte> buffer = stackalloc byte[64];
        for (int i = 0; i < Events; i++)
        {
            if (
                decoder.TryDecode(texts[i % texts.Length], out EventView view, out _)
                && view.Body.TryGetProperty("price"u8, out JsonCursor price)
                && price.TryGetDecimal(out decimal value)
                && view.Body.TryGetProperty("tags"u8, out JsonCursor tags)
                && view.Customer.TryCopyString(buffer, out int length)
                && view.EventTime(null) is not null
                && view.Name.Length > 6
            )
            {
                int elements = 0;
                foreach (JsonCursor tag in tags)
                {
                    elements += tag.Utf8.Length;
                }

                right += elements == 2 && value > 0 && length > 1 && view.MessageKey != 0 ? 1 : 0;
            }
        }

        return right;
    }
}
