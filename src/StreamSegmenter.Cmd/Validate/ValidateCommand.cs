using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Validate;

/// <summary><c>segctl validate</c>: would a node start with this configuration?</summary>
internal static class ValidateCommand
{
    private const string Description =
        "Check a configuration as a node does before it starts, rules and references included. "
        + "Prints what each segment reads, what it keeps of a customer, how far back it looks, and whether time alone "
        + "can change it. What is wrong goes to standard error, each problem with its place and its cure.";

    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var command = new Command("validate", Description);
        configuration.AddTo(command);
        command.SetAction(arguments => Run(arguments, configuration));
        return command;
    }

    private static int Run(ParseResult arguments, ConfigurationOptions options)
    {
        if (options.Load(arguments, ConfigurationPurpose.Node) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        var output = arguments.InvocationConfiguration.Output;
        var (segments, connectors) = (configuration.Segments.Count, configuration.Connectors.Count);
        output.WriteLine($"ok: {Count(segments, "segment")}, {Count(connectors, "connector")}");
        foreach (var (segment, onEnter, onExit) in configuration.Segments)
        {
            output.WriteLine();
            output.WriteLine($"  {segment.Name}: {Pushes(onEnter.Count, "enter")}, {Pushes(onExit.Count, "exit")}");
            FactsWriter.Write(output, configuration.Rules.FactsOf(segment.Name));
        }

        return ExitCodes.Success;
    }

    private static string Pushes(int count, string occasion) =>
        $"on {occasion} {(count == 0 ? "nothing" : Count(count, "push", "pushes"))}";

    private static string Count(int count, string one, string? many = null) =>
        $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
