using System.Globalization;
using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

public sealed class LogCrashTests : IDisposable
{
    private const int Kills = 12;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Killed_at_any_instant_the_log_has_every_acknowledged_append_and_no_half_one()
    {
        Random random = new(20);
        HashSet<string> acknowledged = new(StringComparer.Ordinal);
        for (int kill = 0; kill < Kills; kill++)
        {
            List<string> printed = await DoomedProcess.RunAsync(
                random.Next(1, 150),
                LogCrashWriter.Command,
                _directory.Path,
                kill.ToString(CultureInfo.InvariantCulture)
            );
            acknowledged.UnionWith(WithoutTornLine(printed));

            // Killed processes are many, so what an earlier one wrote is checked again and again.
            await VerifyAsync(acknowledged);
        }
    }

    private async Task VerifyAsync(HashSet<string> acknowledged)
    {
        EmbeddedLogOptions options = new()
        {
            Directory = _directory.Path,
            PartitionCount = LogCrashWriter.PartitionCount,
        };
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(options, TimeProvider.System);
        Dictionary<string, List<(int Index, int Count)>> appends = new(StringComparer.Ordinal);
        for (int i = 0; i < log.PartitionCount; i++)
        {
            foreach (LogRecord record in await ReadAllAsync(log, new(i)))
            {
                string[] parts = Encoding.UTF8.GetString(record.Payload.Span).Split(' ');
                if (!appends.TryGetValue(parts[0], out List<(int, int)>? records))
                {
                    appends.Add(parts[0], records = []);
                }

                records.Add((Number(parts[1]), Number(parts[2])));
            }
        }

        acknowledged.Except(appends.Keys, StringComparer.Ordinal).ShouldBeEmpty();
        foreach (List<(int Index, int Count)> records in appends.Values)
        {
            records.Select(record => record.Index).Order().ShouldBe(Enumerable.Range(0, records[0].Count));
        }
    }

    private static async Task<List<LogRecord>> ReadAllAsync(EmbeddedEventLog log, PartitionId partition)
    {
        LogRange range = await log.GetRangeAsync(partition, default);
        List<LogRecord> records = [];
        for (LogPosition next = range.Earliest; next < range.End; )
        {
            LogBatch batch = await log.ReadAsync(partition, next, 1_000, TimeSpan.Zero, default);
            records.AddRange(batch.Records);
            next = batch.Next;
        }

        records
            .Select(record => record.Position.Value)
            .ShouldBe(Enumerable.Range(0, records.Count).Select(i => (long)i));
        records.Zip(records.Skip(1)).ShouldAllBe(pair => pair.First.LogTime <= pair.Second.LogTime);
        return records;
    }

    // The pipe may end in the middle of a line. An append's name cut short is the name of another one.
    private static IEnumerable<string> WithoutTornLine(List<string> printed) => printed.SkipLast(1);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
