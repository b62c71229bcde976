using System.CommandLine;
using System.Text;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd;

/// <summary>The options of every command that runs over events: <c>--events</c> and <c>--until</c>.</summary>
internal sealed class EventOptions
{
    private const string StandardInput = "-";

    private readonly Option<string> _events = new("--events")
    {
        Description = "Events, one JSON object a line, plain or compressed with gzip; - reads standard input.",
        HelpName = "FILE.ndjson|-",
        Required = true,
    };

    private readonly Option<Timestamp?> _until = Instant(
        "--until",
        "Moves the clock to this instant after the last event; without a zone it is UTC."
    );

    /// <summary>An option that takes an instant.</summary>
    public static Option<Timestamp?> Instant(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "ISO-TIME",
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out var instant))
                {
                    return instant;
                }

                argument.AddError($"{name}: \"{text}\" is not an instant; write e.g. 2020-01-31T12:00:00Z");
                return null;
            },
        };

    public void AddTo(Command command)
    {
        command.Options.Add(_events);
        command.Options.Add(_until);
    }

    public Timestamp? UntilOf(ParseResult arguments) => arguments.GetValue(_until);

    /// <summary>
    /// Runs over the events and gives its exit code; when they cannot be read, says so on standard error and refuses.
    /// </summary>
    public async Task<int> ReadAsync(ParseResult arguments, SegctlStreams streams, Func<Stream, Task<int>> run)
    {
        var file = arguments.GetRequiredValue(_events);
        try
        {
            await using var events = file == StandardInput ? streams.Input() : Open(file);
            return await run(events);
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
