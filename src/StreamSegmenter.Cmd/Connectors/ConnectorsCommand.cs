using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Connectors;

/// <summary><c>segctl connectors</c>: what there is to push to, and whether it works.</summary>
internal static class ConnectorsCommand
{
    public static Command Create() =>
        new("connectors", "Look after the connectors of a configuration.") { CreateList(), ConnectorTrial.Create() };

    private static Command CreateList()
    {
        var configuration = new ConfigurationOptions();
        var command = new Command("list", "List the connectors: name, type, and the segments that push to each.");
        configuration.AddTo(command);
        command.SetAction(arguments => List(arguments, configuration));
        return command;
    }

    private static int List(ParseResult arguments, ConfigurationOptions options)
    {
        if (options.Load(arguments, ConfigurationPurpose.Node) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        var connectors = configuration.Connectors.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal).ToList();
        int width = connectors.Select(pair => pair.Key.Value.Length).Append(0).Max();
        int typeWidth = connectors.Select(pair => pair.Value.Type!.Length).Append(0).Max();
        foreach (var (name, connector) in connectors)
        {
            var segments =
                from actions in configuration.Segments
                where actions.OnEnter.Concat(actions.OnExit).Any(push => push.To == name)
                select actions.Segment.Name.Value;
            string users = string.Join(", ", segments.DefaultIfEmpty("-"));
            arguments.InvocationConfiguration.Output.WriteLine(
                $"{name.Value.PadRight(width)}  {connector.Type!.PadRight(typeWidth)}  {users}"
            );
        }

        return ExitCodes.Success;
    }
}
