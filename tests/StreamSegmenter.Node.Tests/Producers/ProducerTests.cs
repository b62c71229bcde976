using System.Text.Json;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Node.Tests.Ingest;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Node.Tests.Producers;

/// <summary>Segment's and RudderStack's own clients, unmodified, against the ingest.</summary>
public sealed class ProducerTests
{
    private static readonly IngestOptions _keyed = new() { Keys = [new("shop", Key: "wk_shop")] };

    [ProducerFact]
    public async Task Every_call_of_Segments_client_arrives()
    {
        await using IngestHost host = await IngestHost.StartAsync(_keyed);
        var printed = await ProducerClients.RunAsync("segment.js", host.Address, 100, "wk_shop");
        printed[^1].GetProperty("sent").GetInt32().ShouldBe(107);
        printed.Count(line => line.TryGetProperty("failed", out _)).ShouldBe(0);
        JsonElement[] stored = Stored(host);
        Types(stored).ShouldBe(["alias 1", "group 1", "identify 1", "page 1", "screen 1", "track 102"]);
        Counted(stored).ShouldBe(Enumerable.Range(0, 100));
        JsonElement fixedId = stored.Single(e => e.GetProperty("messageId").GetString() == "fixed");
        fixedId.GetProperty("properties").GetProperty("total").GetRawText().ShouldBe("99.5");
        stored.Count(e => Name(e) == "ünï 🎉 event").ShouldBe(1);
        stored.ShouldAllBe(e => e.GetProperty("sentAt").GetString()!.Length == 24, "the batch's sentAt");
    }

    [ProducerFact]
    public async Task Every_call_of_RudderStacks_client_arrives()
    {
        await using IngestHost host = await IngestHost.StartAsync(_keyed);
        var printed = await ProducerClients.RunAsync("rudder.js", host.Address, 100, "wk_shop");
        printed.ShouldHaveSingleItem().GetProperty("sent").GetInt32().ShouldBe(106);
        JsonElement[] stored = Stored(host);
        Types(stored).ShouldBe(["alias 1", "group 1", "identify 1", "page 1", "screen 1", "track 101"]);
        Counted(stored).ShouldBe(Enumerable.Range(0, 100));
        stored.ShouldAllBe(e => e.GetProperty("originalTimestamp").GetString()!.Length == 24);
    }

    [ProducerFact]
    public async Task Segments_client_comes_back_after_503() => await ComesBackAsync("segment.js", 57);

    [ProducerFact]
    public async Task RudderStacks_client_comes_back_after_503() => await ComesBackAsync("rudder.js", 56);

    [ProducerFact]
    public async Task Segments_client_waits_as_long_as_429_says()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { RetryAfter = TimeSpan.FromSeconds(2) });
        host.Log.FailTimes(1, new LogBusyException("full"));
        var printed = await ProducerClients.RunAsync("segment.js", host.Address, 0);
        printed[^1].GetProperty("sent").GetInt32().ShouldBe(7);
        JsonElement[] answers = [.. printed.Where(line => line.TryGetProperty("status", out _))];
        answers.Select(line => line.GetProperty("status").GetInt32()).ShouldBe([429, 200]);
        long waited = answers[1].GetProperty("at").GetInt64() - answers[0].GetProperty("at").GetInt64();
        waited.ShouldBeGreaterThanOrEqualTo(1990);
        Stored(host).Length.ShouldBe(7);
    }

    [ProducerFact]
    public async Task A_wrong_key_is_an_error_that_the_client_sees()
    {
        await using IngestHost host = await IngestHost.StartAsync(_keyed);
        var printed = await ProducerClients.RunAsync("segment.js", host.Address, 0, "wk_wrong");
        printed[0].GetProperty("status").GetInt32().ShouldBe(401);
        printed.Count(line => line.TryGetProperty("failed", out _)).ShouldBe(7);
        host.Log.Records.ShouldBeEmpty();
    }

    private static async Task ComesBackAsync(string script, int sent)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        host.Log.FailTimes(2, new IOException("disk full"));
        var printed = await ProducerClients.RunAsync(script, host.Address, 50);
        printed[^1].GetProperty("sent").GetInt32().ShouldBe(sent);
        printed.Count(line => line.TryGetProperty("failed", out _)).ShouldBe(0);
        JsonElement[] stored = Stored(host);
        stored.Length.ShouldBe(sent);
        Counted(stored).ShouldBe(Enumerable.Range(0, 50));
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    private static JsonElement[] Stored(IngestHost host) =>
        [.. host.Log.Records.Select(record => JsonSerializer.Deserialize<JsonElement>(record.Payload))];

    private static IEnumerable<string> Types(JsonElement[] stored) =>
        stored
            .GroupBy(e => e.GetProperty("type").GetString(), StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}")
            .Order(StringComparer.Ordinal);

    private static IEnumerable<int> Counted(JsonElement[] stored) =>
        stored
            .Where(e => Name(e) == "Counted")
            .Select(e => e.GetProperty("properties").GetProperty("i").GetInt32())
            .Order();

    private static string? Name(JsonElement e) =>
        e.TryGetProperty("event", out JsonElement name) ? name.GetString() : null;
}
