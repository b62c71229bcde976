using System.Text;
using System.Text.Json;
using StreamSegmenter.Node.Ingest;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class BatchDefaultsTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"context":{"p":{"q":1},"r":2},"a":1}""")]
    [InlineData("{}", """{"context":{"p":{"q":1},"r":2}}""")]
    [InlineData("{ }", """{"context":{"p":{"q":1},"r":2} }""")]
    [InlineData("""{"context":null}""", """{"context":{"p":{"q":1},"r":2}}""")]
    [InlineData("""{"context":{}}""", """{"context":{"p":{"q":1},"r":2}}""")]
    [InlineData("""{"x":0, "context": { "r": 9 } , "y":1}""", """{"x":0, "context": {"r": 9,"p":{"q":1}} , "y":1}""")]
    [InlineData("""{"context":{"p":1,"r":2}}""", """{"context":{"p":1,"r":2}}""")]
    [InlineData("""{"context":"odd"}""", """{"context":"odd"}""")]
    [InlineData("17", "17")]
    public void An_events_own_members_win(string text, string expected) =>
        Apply(text, """{"p":{"q":1},"r":2}""", "").ShouldBe(expected);

    [Fact]
    public void Both_defaults_apply() =>
        Apply("""{"a":1}""", """{"c":1}""", """{"All":false}""")
            .ShouldBe("""{"integrations":{"All":false},"context":{"c":1},"a":1}""");

    [Fact]
    public async Task An_event_of_a_batch_is_stored_with_its_batchs_context()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync(
            "/v1/batch",
            """
            {"context":{"locale":"de","app":{"v":2}},"batch":[
              {"type":"page","userId":"u","context":{"locale":"fr"}},{"type":"page"}]}
            """
        );
        (await response.CountsAsync()).ShouldBe((1, 1));
        using JsonDocument stored = JsonDocument.Parse(host.Log.Records.Single().Payload);
        stored.RootElement.GetProperty("context").GetRawText().ShouldBe("""{"locale":"fr","app":{"v":2}}""");
        Encoding.UTF8.GetString(host.DeadLetters.Letters.Single().Payload.Span).ShouldBe("""{"type":"page"}""");
    }

    private static string Apply(string text, string context, string integrations)
    {
        PooledBytes output = new();
        BatchDefaults.Apply(
            Encoding.UTF8.GetBytes(text),
            Encoding.UTF8.GetBytes(context),
            Encoding.UTF8.GetBytes(integrations),
            new(),
            output
        );
        return Encoding.UTF8.GetString(output.Span);
    }
}
