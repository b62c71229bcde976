using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class EventFuzzTests
{
    private static readonly byte[] Event = Json.Utf8(
        """
        {"type":"track","event":"\u00e9vent","messageId":"m\ud83d\ude00","userId":"u","sentAt":"2024-05-01T12:00:01Z",
         "timestamp":"2024-05-01T12:00:00.000+02:00","properties":{"n":-1.5e3,"a":[1,{"b":null}],"t":true,"s":"漢\n"}}
        """
    );

    /// <summary>A valid event with up to four bytes changed, removed or doubled.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_event_is_read_or_refused_and_what_was_read_is_json(int seed)
    {
        var random = new Random(seed);
        var decoder = new EventDecoder(EventLimits.Default);
        int read = 0;
        for (int i = 0; i < 4_000; i++)
        {
            byte[] damaged = Damage(random);
            bool isValid = decoder.TryDecode(damaged, out EventView view, out Rejection rejection);

            isValid.ShouldBe(rejection.Reason == RejectReason.None);
            if (isValid)
            {
                read++;
                using JsonDocument document = JsonDocument.Parse(damaged);
                view.Customer.GetString().ShouldNotBeEmpty();
                var output = new ArrayBufferWriter<byte>();
                EventNormalizer.Write(view, new IngestEnvelope(default, messageId: "m"), output);
                Decoded.Accept(Encoding.UTF8.GetString(output.WrittenSpan));
            }
        }

        read.ShouldBeInRange(200, 3_000);
    }

    private static byte[] Damage(Random random)
    {
        List<byte> bytes = [.. Event];
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = "{}[]\",:\\u0de+-.\0"u8[random.Next(16)];
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, bytes[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
