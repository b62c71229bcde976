using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using StreamSegmenter.Cmd.Connectors;
using StreamSegmenter.Cmd.Diff;
using StreamSegmenter.Cmd.Pushes;
using StreamSegmenter.Cmd.Simulate;
using StreamSegmenter.Cmd.Suppressions;
using StreamSegmenter.Cmd.Templates;
using StreamSegmenter.Cmd.Test;
using StreamSegmenter.Cmd.Topics;
using StreamSegmenter.Cmd.Validate;

namespace StreamSegmenter.Cmd;

/// <summary>The operators' shell.</summary>
internal static class Segctl
{
    public static async Task<int> RunAsync(string[] args, SegctlStreams streams)
    {
        await using var output = Text(streams.Output);
        await using var error = Text(streams.Error);
        var root = new RootCommand("The operators' shell of StreamSegmenter.")
        {
            SimulateCommand.Create(streams),
            ValidateCommand.Create(),
            TestCommand.Create(),
            DiffCommand.Create(streams),
            TopicsCommand.Create(),
            ConnectorsCommand.Create(),
            PushesCommand.Create(),
            TemplateCommand.Create(),
            SuppressionsCommand.Create(),
        };
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExitCodes();
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction refusal)
        {
            // Whoever reads standard output expects results alone, so advice goes the way of errors.
            refusal.ShowHelp = false;
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    private static StreamWriter Text(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: -1, leaveOpen: true)
        {
            AutoFlush = true,
        };
}
