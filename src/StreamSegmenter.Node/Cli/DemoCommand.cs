using System.CommandLine;
using StreamSegmenter.Node.Demo;
using StreamSegmenter.Node.Hosting;

namespace StreamSegmenter.Node.Cli;

/// <summary><c>segmenter demo</c></summary>
internal static class DemoCommand
{
    private const string WhatNext = """

        Try next:
          edit     hocon/demo.conf: its comments show the five lines that send to a real mail server or Slack channel
          simulate dotnet run --project src/StreamSegmenter.Cmd -- simulate --config hocon/demo.conf \
                     --events src/StreamSegmenter.Node/Demo/shop.ndjson
          run      dotnet run --project src/StreamSegmenter.Node -- run --config hocon/demo.conf
        """;

    public static Command Create(TimeProvider time)
    {
        var directory = new Option<DirectoryInfo?>("--directory")
        {
            Description = "Keeps the state there; without it in a temporary directory that is deleted at the end.",
        };
        var config = new Option<FileInfo?>("--config")
        {
            Description = "Another configuration than the bundled hocon/demo.conf.",
        };
        var command = new Command(
            "demo",
            "Starts everything in this process, sends it real events over HTTP and shows what happens.\n"
                + ExitCodes.Help
        )
        {
            directory,
            config,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(directory), parsed.GetValue(config), time));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo? directory, FileInfo? config, TimeProvider time)
    {
        using var stop = new StopSignal();
        string file = config?.FullName ?? Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");
        DirectoryInfo place = directory ?? Directory.CreateTempSubdirectory("segmenter-demo-");
        try
        {
            string[] overrides =
            [
                $"storage.directory={place.FullName}",
                "http.listen=127.0.0.1:0",
                "api.listen=127.0.0.1:0",
                // A day of the past takes a few milliseconds.
                "shards.tick-interval=5ms",
            ];
            if (Startup.Load(new() { File = file, Overrides = overrides }) is not { } configuration)
            {
                return ExitCodes.Misconfigured;
            }

            using ILoggerFactory loggers = Startup.CreateLoggers(LogLevel.Error);
            await new DemoRun(Console.Out, time).RunAsync(
                output => NodeSettingsFactory.Create(configuration, time, output, loggers),
                loggers,
                stop.Token
            );
            Console.Out.WriteLine(WhatNext);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"segmenter: {failure.Message}");
            return ExitCodes.Failed;
        }
        finally
        {
            if (directory is null)
            {
                place.Delete(recursive: true);
            }
        }
    }
}
