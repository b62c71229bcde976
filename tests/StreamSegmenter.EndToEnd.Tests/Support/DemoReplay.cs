using System.Globalization;
using System.Text.Json;

namespace StreamSegmenter.EndToEnd.Tests.Support;

/// <summary>One line of what <c>segctl simulate</c> prints.</summary>
public sealed record PrintedTransition(DateTimeOffset At, string Customer, string Segment, bool Entered, string Cause);

/// <summary>
/// The demo's events, in order of time, and what <c>segctl simulate</c> makes of them and of 40 quiet days after.
/// </summary>
public sealed class DemoReplay : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "demo");

    public static string Config { get; } = Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");

    public IReadOnlyList<string> Events { get; } =
    [
        .. Directory
            .GetFiles(Folder, "*.ndjson")
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .OrderBy(TimeOf),
    ];

    public DateTimeOffset LastEvent => TimeOf(Events[^1]);

    public DateTimeOffset Until => LastEvent.AddDays(40);

    public IReadOnlyList<PrintedTransition> Transitions { get; private set; } = [];

    public async Task InitializeAsync()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, Events);
            var result = await Segctl.RunAsync([
                "simulate",
                "--config",
                Config,
                "--events",
                file,
                "--until",
                Until.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ]);
            result.ExitCode.ShouldBe(0, result.Error);
            Transitions = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Who is in the segment once everything up to the instant, inclusive, has happened.</summary>
    public IEnumerable<string> MembersAt(DateTimeOffset at, string segment) =>
        Transitions
            .Where(t => t.Segment == segment && t.At <= at)
            .GroupBy(t => t.Customer, StringComparer.Ordinal)
            .Where(history => history.Last().Entered)
            .Select(history => history.Key);

    private static PrintedTransition Read(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        return new(
            json.GetProperty("at").GetDateTimeOffset(),
            json.GetProperty("customer").GetString()!,
            json.GetProperty("segment").GetString()!,
            json.GetProperty("transition").GetString() == "entered",
            json.GetProperty("cause").GetString()!
        );
    }

    private static DateTimeOffset TimeOf(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("timestamp").GetDateTimeOffset();
}
