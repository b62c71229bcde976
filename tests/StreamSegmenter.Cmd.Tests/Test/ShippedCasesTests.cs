using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Test;

/// <summary>The cases that are shipped beside the segments.</summary>
public sealed class ShippedCasesTests : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "hocon", "segments");

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Every_segment_does_what_its_cases_say()
    {
        var answer = await SegctlRun.InProcessAsync(default, "test", Folder);

        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
        string[] segments = [.. Directory.GetFiles(Folder, "*.conf").Where(static file => !IsCases(file))];
        answer.OutputLines.Where(IsCases).Count().ShouldBe(segments.Length);
    }

    [Fact]
    public async Task The_example_of_the_document_passes()
    {
        _workplace.Write("at-risk-vip.conf", await File.ReadAllTextAsync(Path.Combine(Folder, "at-risk-vip.conf")));
        var example = Document.Blocks("testing-segments.md", "hocon").ShouldHaveSingleItem();

        var answer = await SegctlRun.InProcessAsync(
            default,
            "test",
            _workplace.Write("at-risk-vip.cases.conf", example)
        );

        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
        answer.OutputLines[^1].ShouldBe("2 cases: 2 passed");
    }

    // Each is a slip that a person could make.
    [Theory]
    [InlineData("abandoned-cart", ">= 1h", "> 1h")]
    [InlineData("abandoned-cart", "exists(\"Product Added\", 7d)", "exists(\"Product Added\", 8d)")]
    [InlineData("abandoned-cart", "after last", "after first")]
    [InlineData("abandoned-cart", "cooldown = 3d", "cooldown = 4d")]
    [InlineData("at-risk-vip", ">= 3", "> 3")]
    [InlineData("at-risk-vip", "> 1M", ">= 1M")]
    [InlineData("at-risk-vip", "Contacted\", 30d", "Contacted\", 31d")]
    [InlineData("at-risk-vip", "365d", "366d")]
    [InlineData("at-risk-vip", "cooldown = 7d", "cooldown = 1d")]
    [InlineData("at-risk-vip", "to = helpdesk", "to = chat")]
    [InlineData("first-purchase", "= 1\"", ">= 1\"")]
    [InlineData("lapsed", ">= 30d", "> 30d")]
    [InlineData("lapsed", "since(any)", "since(page)")]
    [InlineData("premium-shopper", "> 500", ">= 500")]
    [InlineData("premium-shopper", ">= 3", ">= 2")]
    [InlineData("premium-shopper", "revenue, 30d", "revenue, 31d")]
    [InlineData("premium-shopper", "Viewed\", 30d", "Viewed\", 31d")]
    [InlineData("premium-shopper", "cooldown = 30d", "cooldown = 29d")]
    [InlineData("viewed-not-bought", ">= 1d", "> 1d")]
    [InlineData("viewed-not-bought", "not exists(\"Order Completed\", 7d)", "not exists(\"Order Completed\", 6d)")]
    [InlineData("viewed-not-bought", "exists(\"Product Viewed\", 7d)", "exists(\"Product Viewed\", 8d)")]
    [InlineData("viewed-not-bought", "and not in(\"abandoned-cart\")", "")]
    public async Task The_cases_notice_a_slip(string segment, string written, string slip)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, $"{segment}.conf"));
        text.ShouldContain(written);
        var beside = segment == "viewed-not-bought" ? "abandoned-cart.conf" : "lapsed.conf";
        var changed = text.Replace(written, slip, StringComparison.Ordinal);
        var include = segment == "lapsed" ? "" : $"include required(file(\"{Path.Combine(Folder, beside)}\"))\n";
        var config = _workplace.Write("changed.conf", include + changed);

        var cases = Path.Combine(Folder, $"{segment}.cases.conf");
        var answer = await SegctlRun.InProcessAsync(default, "test", cases, "--config", config);

        answer.ExitCode.ShouldBe(2, answer.Output + answer.Error);
    }

    private static bool IsCases(string path) => path.EndsWith(".cases.conf", StringComparison.Ordinal);
}
