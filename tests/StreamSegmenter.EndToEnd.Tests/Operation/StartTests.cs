using StreamSegmenter.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Operation;

/// <summary>Starting: soon ready, or a clear reason and nothing touched.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class StartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_is_ready_soon()
    {
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        List<TimeSpan> starts = [];
        for (int i = 0; i < 3; i++)
        {
            await using SegmenterProcess node = operated.Directory.Run();
            starts.Add(await node.MustBecomeReadyAsync(operated.Directory.Address));
        }

        output.WriteLine(
            $"ready after {string.Join(", ", starts.Select(start => $"{start.TotalMilliseconds:N0} ms"))}"
        );
        starts.ShouldAllBe(start => start < Limit);
    }

    [Fact]
    public async Task A_second_node_in_the_same_directory_is_refused()
    {
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        await using SegmenterProcess first = await operated.StartAsync();
        string file = operated.Directory.ConfigurationFile;
        await using var second = SegmenterProcess.Start("run", "--config", file, "--set", "http.listen=127.0.0.1:0");

        (await second.WaitForExitAsync(Limit)).ShouldBe(3);

        second.Errors.ShouldContain("in use by another process");
        second.Errors.ShouldContain(operated.Directory.DataDirectory);
        second.Output.ShouldBe("");
        await first.MustBecomeReadyAsync(operated.Directory.Address);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_the_files_are_free_again()
    {
        await using OperatedNode taker = await OperatedNode.CreateAsync();
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        await using SegmenterProcess first = await taker.StartAsync();
        string file = operated.Directory.ConfigurationFile;
        string port = $"http.listen=127.0.0.1:{taker.Directory.Address.Port}";
        await using var second = SegmenterProcess.Start("run", "--config", file, "--set", port);

        (await second.WaitForExitAsync(Limit)).ShouldBe(3);

        second.Errors.ShouldContain($"127.0.0.1:{taker.Directory.Address.Port}");
        await using SegmenterProcess third = await operated.StartAsync();
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_with_its_place_and_nothing_is_started()
    {
        using NodeDirectory directory = new("""segments.vip { rule = "count(purchase, 30d) >> 3" }""");
        await using SegmenterProcess node = directory.Run();

        (await node.WaitForExitAsync(Limit)).ShouldBe(1);

        node.Errors.ShouldContain($"{directory.ConfigurationFile}:3:46: segments.vip.rule: ");
        node.Output.ShouldBe("");
        Directory.Exists(directory.DataDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_configuration_file_is_named()
    {
        await using var node = SegmenterProcess.Start("run", "--config", "/nowhere/segmenter.conf");
        (await node.WaitForExitAsync(Limit)).ShouldBe(1);
        node.Errors.ShouldContain("/nowhere/segmenter.conf");
    }

    [Theory]
    [InlineData("run", "--config")]
    [InlineData("dmeo", "dmeo")]
    public async Task A_wrong_command_line_says_what_is_expected(string command, string hint)
    {
        await using var node = SegmenterProcess.Start(command);
        (await node.WaitForExitAsync(Limit)).ShouldBe(1);
        node.Errors.ShouldContain(hint);
    }
}
