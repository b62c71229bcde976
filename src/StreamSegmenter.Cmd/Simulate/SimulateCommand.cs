using System.CommandLine;
using System.Text;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary><c>segctl simulate</c>: the engine over a file, without the world.</summary>
internal static class SimulateCommand
{
    private const string StandardInput = "-";

    private const string Description =
        "Run the rules over a file of events under a virtual clock: prints every transition, one JSON object a line. "
        + "Events that are not valid go to standard error, a line each. Nothing is pushed or stored.";

    private static readonly Option<string> Events = new("--events")
    {
        Description = "Events, one JSON object a line, plain or compressed with gzip; - reads standard input.",
        HelpName = "FILE.ndjson|-",
        Required = true,
    };

    private static readonly Option<Timestamp?> Until = new("--until")
    {
        Description = "Moves the clock to this instant after the last event; without a zone it is UTC.",
        HelpName = "ISO-TIME",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out var until))
            {
                return until;
            }

            argument.AddError($"--until: \"{text}\" is not an instant; write e.g. 2020-01-31T12:00:00Z");
            return null;
        },
    };

    public static Command Create(SegctlStreams streams)
    {
        var configuration = new ConfigurationOptions();
        var command = new Command("simulate", Description);
        configuration.AddTo(command);
        command.Options.Add(Events);
        command.Options.Add(Until);
        command.SetAction((arguments, stop) => RunAsync(arguments, configuration, streams, stop));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        ConfigurationOptions options,
        SegctlStreams streams,
        CancellationToken stop
    )
    {
        if (options.Load(arguments, ConfigurationPurpose.Rules) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        var file = arguments.GetRequiredValue(Events);
        try
        {
            await using var events = file == StandardInput ? streams.Input() : Open(file);
            using var run = new SimulationRun(configuration, streams.Output, streams.Error);
            return await run.RunAsync(events, arguments.GetValue(Until), stop);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(
                $"--events {file}: {Explain(unreadable, file)}"
            );
            return ExitCodes.Refused;
        }
    }

    private static string Explain(Exception unreadable, string file) =>
        unreadable switch
        {
            FileNotFoundException or DirectoryNotFoundException => "the file does not exist; correct its name",
            InvalidDataException => "the gzip is damaged or cut short; compress the events again",
            UnauthorizedAccessException when Directory.Exists(file) => "this is a directory; name a file in it",
            UnauthorizedAccessException => "the file may not be read; change its permissions",
            _ => $"the file cannot be read: {unreadable.Message}",
        };

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
}
