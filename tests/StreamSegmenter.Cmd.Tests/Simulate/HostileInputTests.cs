using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Simulate;

/// <summary>Whatever comes in: every line is either taken or a dead letter, and one bad line spoils no other.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const string Seen = """segments { seen { rule = "exists(any)" } }""";

    // JSON that an event may not hold: a name twice in one object, a number that no decimal can hold.
    private static readonly string[] BeyondOurs = ["duplicate-key", "number-out-of-range"];

    private static readonly string TestData = Path.Combine(AppContext.BaseDirectory, "TestData");

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Naughty_strings_as_lines_are_dead_letters()
    {
        string[] lines = [.. NaughtyStrings().Select(text => text.ReplaceLineEndings(" ")).Where(IsNotBlank)];

        var answer = await SimulateAsync(lines.Select(Encoding.UTF8.GetBytes));

        answer.ExitCode.ShouldBe(2);
        answer.Output.ShouldBeEmpty();
        answer.ErrorLines.Length.ShouldBe(lines.Length);
        answer.Error.ShouldAllBe(c => c == '\n' || !char.IsControl(c));
    }

    [Fact]
    public async Task Naughty_strings_as_customers_are_taken_or_dead_letters()
    {
        string[] customers = [.. NaughtyStrings().Distinct(StringComparer.Ordinal)];
        var lines = customers.Select(id =>
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    type = "page",
                    userId = id,
                    timestamp = "2020-01-01T00:00:00Z",
                }
            )
        );

        var answer = await SimulateAsync(lines);

        string[] taken =
        [
            .. answer.OutputLines.Select(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("customer").GetString()!
            ),
        ];
        (taken.Length + answer.ErrorLines.Length).ShouldBe(customers.Length);
        customers
            .Except(taken, StringComparer.Ordinal)
            .ShouldAllBe(id => id.Length == 0 || id.Length > 256 || id.Contains('\0'));
    }

    [Fact]
    public async Task Documents_of_the_json_test_suite_as_lines_are_dead_letters()
    {
        byte[][] lines =
        [
            .. Directory
                .GetFiles(Path.Combine(TestData, "jsontestsuite", "test_parsing"), "*.json")
                .Select(File.ReadAllBytes)
                .Select(static bytes => bytes.Select(b => b is (byte)'\n' or (byte)'\r' ? (byte)' ' : b).ToArray())
                .Where(static bytes => !bytes.AsSpan().Trim(" \t"u8).IsEmpty),
        ];
        lines.Length.ShouldBeGreaterThan(300);

        var answer = await SimulateAsync(lines);

        answer.ExitCode.ShouldBe(2);
        answer.Output.ShouldBeEmpty("none of them is an event");
        answer.ErrorLines.Length.ShouldBe(lines.Length);
    }

    [Fact]
    public async Task Documents_of_the_json_test_suite_as_properties_are_taken_if_they_are_json()
    {
        string[] files = Directory.GetFiles(Path.Combine(TestData, "jsontestsuite", "test_parsing"), "*.json");
        var lines = files.Select(
            (file, i) =>
            {
                byte[] document = [.. File.ReadAllBytes(file).Where(b => b is not ((byte)'\n' or (byte)'\r'))];
                byte[] head = Encoding.UTF8.GetBytes(
                    $$"""{"type":"page","userId":"{{i}}","timestamp":"2020-01-01","properties":{"x":"""
                );
                return (byte[])[.. head, .. document, .. "}}"u8];
            }
        );

        var answer = await SimulateAsync(lines);

        (answer.OutputLines.Length + answer.ErrorLines.Length).ShouldBe(files.Length);
        ILookup<int, string> reasons = answer.ErrorLines.ToLookup(Number, Reason);
        for (int i = 0; i < files.Length; i++)
        {
            string name = Path.GetFileName(files[i]);
            if (name.StartsWith("y_", StringComparison.Ordinal))
            {
                reasons[i + 1].Except(BeyondOurs, StringComparer.Ordinal).ShouldBeEmpty(name);
            }
        }
    }

    [Fact]
    public async Task Bytes_that_are_not_text_reach_no_terminal()
    {
        byte[] line = [0x1B, (byte)'[', (byte)'2', (byte)'J', 0xFF, 0xFE, 0x00, 0xC3];

        var answer = await SimulateAsync([line]);

        answer.ErrorLines.ShouldHaveSingleItem().ShouldEndWith(": \"\\u001B[2J\\uFFFD\\uFFFD\\u0000\\uFFFD\"");
    }

    private static int Number(string deadLetter) =>
        int.Parse(deadLetter.Split([' ', ':'])[1], CultureInfo.InvariantCulture);

    private static string Reason(string deadLetter) => deadLetter.Split(": ")[1];

    private static string[] NaughtyStrings() =>
        JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(TestData, "blns", "blns.json")))!;

    private static bool IsNotBlank(string text) => text.AsSpan().Trim(" \t").Length > 0;

    private Task<SegctlAnswer> SimulateAsync(IEnumerable<byte[]> lines)
    {
        byte[] events = [.. lines.SelectMany(static line => line.Append((byte)'\n'))];
        string config = _workplace.Write("demo.conf", Seen);
        return SegctlRun.ProcessAsync(events, "simulate", "--config", config, "--events", "-");
    }
}
