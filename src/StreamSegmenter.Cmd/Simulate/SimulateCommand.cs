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
        var explain = new ExplainOptions();
        var command = new Command("simulate", Description);
        configuration.AddTo(command);
        events.AddTo(command);
        explain.AddTo(command);
        command.SetAction((arguments, stop) => RunAsync(arguments, configuration, events, explain, streams, stop));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        ConfigurationOptions options,
        EventOptions events,
        ExplainOptions explain,
        SegctlStreams streams,
        CancellationToken stop
    )
    {
        if (options.Load(arguments, ConfigurationPurpose.Rules) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        var request = explain.Of(arguments);
        if (request is not null && configuration.Rules.Segments.All(segment => segment.Name != request.Segment))
        {
            var known = string.Join(", ", configuration.Rules.Segments.Select(static segment => segment.Name));
            await arguments.InvocationConfiguration.Error.WriteLineAsync(
                $"--explain: there is no segment {request.Segment}; there are {known}"
            );
            return ExitCodes.Refused;
        }

        return await events.ReadAsync(
            arguments,
            streams,
            async input =>
            {
                using var run = new SimulationRun(configuration, streams, request);
                return await run.RunAsync(input, events.UntilOf(arguments), stop);
            }
        );
    }
}
