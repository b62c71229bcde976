using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Console;

public sealed class ConsoleConnectorTests
{
    [Fact]
    public async Task A_push_is_one_line()
    {
        var (result, output) = await WriteAsync(Pushes.Create());

        result.ShouldBe(DeliveryResult.Delivered);
        output.ShouldBe($"[c] {Pushes.Id} u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.\n");
    }

    [Fact]
    public async Task A_name_cannot_break_the_line_or_command_the_terminal()
    {
        var (_, output) = await WriteAsync(Pushes.Named("a\r\nb\u001b[2Jc\u0085d"), "{{profile.name}}");

        output.ShouldBe($"[c] {Pushes.Id} a b [2Jc d\n");
    }

    [Fact]
    public async Task Pushes_at_once_keep_to_their_lines()
    {
        await using var output = new StringWriter { NewLine = "\n" };
        var connector = TestServices.Connector(new ConsoleOptions(), TestServices.Create(output: output));

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(_ => Task.Run(async () => await connector.SendAsync(Pushes.Create(), default)))
        );

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(100);
        lines.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_output_that_broke_leaves_the_outcome_unknown()
    {
        await using var output = new BrokenWriter();
        var connector = TestServices.Connector(new ConsoleOptions(), TestServices.Create(output: output));

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Unknown);
        result.Detail.ShouldContain("No space left");
    }

    private static async Task<(DeliveryResult Result, string Output)> WriteAsync(Push push, string? source = null)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        var templates = TestServices.Templates(("t", new TemplateOptions { Text = source ?? "-" }));
        var options = new ConsoleOptions { Template = source is null ? "default" : "t" };
        var connector = TestServices.Connector(options, TestServices.Create(templates, output));
        return (await connector.SendAsync(push, CancellationToken.None), output.ToString());
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override Task WriteLineAsync(
            ReadOnlyMemory<char> buffer,
            CancellationToken cancellationToken = default
        ) => Task.FromException(new IOException("No space left on device"));
    }
}
