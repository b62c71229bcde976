using System.Globalization;
using System.Text;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

/// <summary>
/// Appends until it is killed. Each record says which append it belongs to and how many records that append has; an
/// append's name is printed once it is acknowledged.
/// </summary>
internal static class LogCrashWriter
{
    public const string Command = "append-until-killed";
    public const int PartitionCount = 4;
    private const int Writers = 6;

    public static async Task<int> RunAsync(string directory, string prefix)
    {
        EmbeddedLogOptions options = new() { Directory = directory, PartitionCount = PartitionCount };
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(options, TimeProvider.System);
        await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => AppendAsync(log, $"{prefix}-{writer}", writer))
        );
        return 0;
    }

    private static async Task AppendAsync(EmbeddedEventLog log, string prefix, int seed)
    {
        Random random = new(seed);
        for (int i = 0; ; i++)
        {
            string append = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            int count = random.Next(1, 30);
            NewRecord[] records =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(k => new NewRecord(
                        new($"u{random.Next(50)}"),
                        Encoding.UTF8.GetBytes($"{append} {k} {count}")
                    )),
            ];
            await log.AppendAsync(records, default);
            await Console.Out.WriteLineAsync(append);
        }
    }
}
