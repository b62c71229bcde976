using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary><c>segctl simulate</c>: the engine over a file, without the world.</summary>
internal static class SimulateCommand
{
    private const string Description =
        "Run the rules over a file of events under a virtual clock: prints every transition, one JSON object a line. "
        + "Events that are not valid go to standard error, a line each. Nothing is pushed or stored.";

    public static Command Create(SegctlStreams streams)
    {
        var configuration = new ConfigurationOptions();
        var events = new EventOptions();
        var command = new Command("simulate", Description);
        configuration.AddTo(command);
        events.AddTo(command);
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
        if (options.Load(arguments, ConfigurationPurpose.Rules) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        return await events.ReadAsync(
            arguments,
            streams,
            async input =>
            {
                using var run = new SimulationRun(configuration, streams.Output, streams.Error);
                return await run.RunAsync(input, events.UntilOf(arguments), stop);
            }
        );
    }
}
