using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Cli;

/// <summary>What every command that starts a node does first.</summary>
internal static class Startup
{
    /// <summary>The configuration; or null, after saying on standard error what is wrong with it.</summary>
    public static NodeConfiguration? Load(ConfigurationInput input)
    {
        ConfigurationResult result = ConfigurationLoader.Load(input);
        if (result is ConfigurationResult.Refused refused)
        {
            Console.Error.WriteLine(refused);
        }

        return (result as ConfigurationResult.Loaded)?.Configuration;
    }

    /// <summary>What went wrong, with the cure where there is one to name.</summary>
    public static string Explain(Exception failure) =>
        failure.InnerException is AddressInUseException
            ? $"{failure.Message} Stop the other program, or give another address in http.listen."
            : failure.Message;

    /// <summary>Logs go to standard error, a line each.</summary>
    public static ILoggerFactory CreateLoggers(LogLevel lowest) =>
        LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(lowest);
            logging.AddFilter("Microsoft", LogLevel.Warning);
            // What stops the start is told once, by the command.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
            logging.Services.Configure<ConsoleLoggerOptions>(console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace
            );
        });
}
