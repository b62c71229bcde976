using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamSegmenter.Node.Tests.Ingest;

/// <summary>Texts made to break parsers, sent through the whole ingest: each is answered, and none gets lost.</summary>
public sealed class IngestHostileInputTests
{
    private static readonly JsonSerializerOptions _raw = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string TestData => Path.Combine(AppContext.BaseDirectory, "TestData");

    [Fact]
    public async Task Every_text_of_the_JSON_test_suite_is_stored_or_kept()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        string[] files = Directory.GetFiles(Path.Combine(TestData, "jsontestsuite", "test_parsing"), "*.json");
        files.Length.ShouldBeGreaterThan(300);
        foreach (string file in files)
        {
            byte[] text = await File.ReadAllBytesAsync(file);
            foreach ((string start, string end) in Carriers)
            {
                byte[] body = [.. Encoding.UTF8.GetBytes(start), .. text, .. Encoding.UTF8.GetBytes(end)];
                await StoredOrKeptAsync(host, body, Path.GetFileName(file));
            }
        }

        host.Log.Records.Count.ShouldBeGreaterThan(90);
        foreach ((_, string payload) in host.Log.Records)
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            document.RootElement.GetProperty("userId").GetString().ShouldBe("u");
        }
    }

    [Fact]
    public async Task Naughty_strings_come_through_unchanged_in_every_place()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        string[] strings = JsonSerializer.Deserialize<string[]>(
            await File.ReadAllBytesAsync(Path.Combine(TestData, "blns", "blns.json"))
        )!;
        strings.Length.ShouldBeGreaterThan(400);
        foreach (string naughty in strings.Where(s => s.Length is > 0 and <= 256 && !s.Contains('\0')))
        {
            string text = JsonSerializer.Serialize(naughty, _raw);
            string ids = $"\"userId\":{text},\"event\":{text},\"messageId\":{text}";
            string one = $$$"""{"type":"track",{{{ids}}},"properties":{"v":{{{text}}}}}""";
            using var response = await host.PostAsync("/v1/batch", $$"""{"batch":[{{one}}]}""");
            (await response.CountsAsync()).ShouldBe((1, 0), naughty);
            (var customer, string payload) = host.Log.Records[^1];
            customer.Value.ShouldBe(naughty);
            payload.ShouldEndWith(one[1..].Replace("\"type\":\"track\",", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Random_damage_never_breaks_an_answer()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] whole =
        [
            .. """{"sentAt":"2020-01-01T00:00:00Z","context":{"a":[1,{"b":null}]},"batch":["""u8,
            .. """{"type":"track","event":"E","userId":"u","properties":{"x":1.5e3,"y":"\u00e9"}},"""u8,
            .. """{"type":"identify","userId":"u","traits":{}}]}"""u8,
        ];
        Random random = new(5);
        for (int i = 0; i < 1500; i++)
        {
            byte[] body = [.. whole];
            for (int damages = random.Next(1, 4); damages > 0; damages--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            await StoredOrKeptAsync(host, body[..random.Next(body.Length - 20, body.Length + 1)], $"damage {i}");
        }
    }

    private static (string, string)[] Carriers =>
        [
            ("", ""),
            ("{\"batch\":", "}"),
            ("{\"batch\":[", "]}"),
            ("""{"batch":[{"type":"page","userId":"u","properties":""", "}]}"),
            ("""{"batch":[{"type":"page","userId":"u"}],"context":""", "}"),
        ];

    /// <summary>200 and every event stored or kept, or 400 and the whole body kept; nothing else.</summary>
    private static async Task StoredOrKeptAsync(IngestHost host, byte[] body, string what)
    {
        int records = host.Log.Records.Count;
        int letters = host.DeadLetters.Letters.Count;
        using var response = await host.PostAsync("/v1/batch", body, null);
        int newRecords = host.Log.Records.Count - records;
        int newLetters = host.DeadLetters.Letters.Count - letters;
        if ((int)response.StatusCode == 400)
        {
            (newRecords, newLetters).ShouldBe((0, 1), what);
            bool hasMark = body.AsSpan().StartsWith("\uFEFF"u8);
            host.DeadLetters.Letters[^1].Payload.ToArray().ShouldBe(hasMark ? body[3..] : body, what);
        }
        else
        {
            (await response.CountsAsync()).ShouldBe((newRecords, newLetters), what);
        }
    }
}
