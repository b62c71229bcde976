using System.Text;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

public sealed class PushDigestTests
{
    private const string First =
        """{"customer":"u1","transition":{"number":1},"segment":{"name":"a"},"profile":{"n":1.50},"event":null,"options":{"x":"é<"}}""";

    private const string Second =
        """{"customer":"u1","transition":{"number":7},"segment":{"name":"b"},"profile":{"n":2},"event":{"e":[1e3]},"options":{}}""";

    private const string Items =
        """[{"segment":{"name":"a"},"transition":{"number":1},"event":null,"options":{"x":"é<"}},"""
        + """{"segment":{"name":"b"},"transition":{"number":7},"event":{"e":[1e3]},"options":{}}""";

    [Fact]
    public void The_carrier_keeps_what_it_had_and_lists_all_itself_first() =>
        Written(First, Second).ShouldBe($"{First[..^1]},\"digest\":{Items}]}}");

    [Fact]
    public void Carrying_more_later_is_the_same_as_carrying_all_at_once()
    {
        Written(Written(First, Second), First).ShouldBe(Written(First, Second, First));
        Written(First, Written(Second, First)).ShouldBe(Written(First, Second, First));
    }

    [Fact]
    public void What_is_no_JSON_is_refused() =>
        Should.Throw<JsonException>(() => Written(First, "nothing")).ShouldNotBeNull();

    private static string Written(string carrier, params string[] others) =>
        Encoding.UTF8.GetString(
            PushDigest.Write(
                Encoding.UTF8.GetBytes(carrier),
                [.. others.Select(other => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(other))]
            )
        );
}
