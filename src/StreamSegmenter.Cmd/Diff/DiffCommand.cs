using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Diff;

/// <summary><c>segctl diff</c>: who would enter and leave if the segments were changed?</summary>
internal static class DiffCommand
{
    private const int MostSamples = 100_000;

    private const string Description =
        "Run two versions of the segments over the same events and tell, for each segment, who would enter and leave "
        + "with the new one. Events that are not valid go to standard error, a line each. Nothing is pushed or stored.";

    private static readonly Option<string> Old = Version("--old", "The configuration as it is.");

    private static readonly Option<string> New = Version("--new", "The configuration as it would be.");

    private static readonly Option<bool> Json = new("--json") { Description = "Prints one JSON object." };

    private static readonly Option<int> Samples = new("--samples")
    {
        Description = "How many customers of each kind are named.",
        HelpName = "COUNT",
        DefaultValueFactory = static _ => 5,
    };

    public static Command Create(SegctlStreams streams)
    {
        var configuration = new ConfigurationOptions();
        var events = new EventOptions();
        var command = new Command("diff", Description) { Old, New, Json, Samples };
        configuration.AddOverridesTo(command);
        events.AddTo(command);
        Samples.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MostSamples)
            {
                result.AddError($"--samples: expected a number from 0 to {MostSamples}");
            }
        });
        command.SetAction((arguments, stop) => RunAsync(arguments, configuration, events, streams, stop));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        ConfigurationOptions options,
        EventOptions events,
        SegctlStreams streams,
        CancellationToken stop
    )
    {
        var old = options.Load(arguments, arguments.GetRequiredValue(Old), ConfigurationPurpose.Rules);
        var @new = options.Load(arguments, arguments.GetRequiredValue(New), ConfigurationPurpose.Rules);
        if (old is null || @new is null)
        {
            return ExitCodes.Refused;
        }

        return await events.ReadAsync(
            arguments,
            streams,
            async input =>
            {
                var run = new DiffRun(old, @new, streams.Error);
                var differences = await run.RunAsync(input, events.UntilOf(arguments), stop);
                Write(arguments, streams, run, differences);
                return run.AnyDeadLetters ? ExitCodes.DeadLetters : ExitCodes.Success;
            }
        );
    }

    private static void Write(
        ParseResult arguments,
        SegctlStreams streams,
        DiffRun run,
        IReadOnlyList<SegmentDifference> differences
    )
    {
        int samples = arguments.GetValue(Samples);
        if (arguments.GetValue(Json))
        {
            DiffJson.Write(streams.Output, differences, run.Events, run.Now, samples);
        }
        else
        {
            var report = new DiffReport(arguments.InvocationConfiguration.Output, samples);
            report.Write(differences, run.Events, run.Now);
        }
    }

    private static Option<string> Version(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "FILE.conf",
            Required = true,
        };
}
