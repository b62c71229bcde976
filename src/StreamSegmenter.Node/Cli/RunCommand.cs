using System.CommandLine;
using StreamSegmenter.Node.Hosting;

namespace StreamSegmenter.Node.Cli;

/// <summary><c>segmenter run --config FILE</c></summary>
internal static class RunCommand
{
    public static Command Create(TimeProvider time)
    {
        var config = new Option<FileInfo>("--config")
        {
            Description = "The configuration file (HOCON).",
            Required = true,
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one key, e.g. --set shards.batch-records=100; may be repeated.",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = static _ => [],
        };
        var command = new Command("run", $"Runs the engine until it is stopped.\n{ExitCodes.Help}") { config, set };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(config), parsed.GetRequiredValue(set), time));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, IReadOnlyList<string> overrides, TimeProvider time)
    {
        using var stop = new StopSignal();
        if (Startup.Load(new() { File = file.FullName, Overrides = overrides }) is not { } configuration)
        {
            return ExitCodes.Misconfigured;
        }

        using ILoggerFactory loggers = Startup.CreateLoggers(LogLevel.Information);
        var observer = new NodeObserver(loggers.CreateLogger<NodeObserver>());
        TextWriter output = TextWriter.Synchronized(Console.Out);
        NodeSettings settings = NodeSettingsFactory.Create(configuration, time, output, loggers);
        try
        {
            await using SegmenterNode node = await SegmenterNode.StartAsync(
                settings,
                new(observer, observer),
                time,
                loggers,
                stop.Token
            );
            Console.Error.WriteLine(
                $"segmenter listens on {node.Address}, answers questions on {node.ApiAddress} "
                    + $"and keeps its state in {settings.Storage}"
            );
            await node.Failure.WaitAsync(stop.Token);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"segmenter: {Startup.Explain(failure)}");
            return ExitCodes.Failed;
        }
    }
}
