using System.Text;
using System.Text.RegularExpressions;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>The log as one node reads it.</summary>
internal sealed partial class LogClient(LogServer server, Wire wire, Sabotage sabotage) : IEventLogReader
{
    public int PartitionCount => server.PartitionCount;

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return wire.CallAsync("range", LogServer.NameOf(partition), partition.Value, () => server.Range(partition));
    }

    public async ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (wait > TimeSpan.Zero && server.Range(partition).End == from)
        {
            await WaitAsync(partition, wait, cancellationToken);
        }

        // A fetch may bring less than there is.
        int max = wire.Faults.Chance(0.1) ? wire.Faults.Random.Next(1, maxRecords + 1) : maxRecords;
        LogBatch batch = await wire.CallAsync(
            "read",
            LogServer.NameOf(partition),
            partition.Value,
            () => server.Read(partition, from, max)
        );
        return sabotage == Sabotage.MessageIdsAreLost
            ? batch with
            {
                Records = [.. batch.Records.Select(record => record with { Payload = WithoutId(record.Payload) })],
            }
            : batch;
    }

    private async ValueTask WaitAsync(PartitionId partition, TimeSpan wait, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.WhenArrived(partition, waiter);
        using ITimer timer = wire.Caller.Clock.CreateTimer(Wake, waiter, wait, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(Wake, waiter);
        await waiter.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void Wake(object? waiter) => ((TaskCompletionSource)waiter!).TrySetResult();

    private static byte[] WithoutId(ReadOnlyMemory<byte> payload) =>
        Encoding.UTF8.GetBytes(MessageId().Replace(Encoding.UTF8.GetString(payload.Span), ""));

    [GeneratedRegex(",\"messageId\":\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MessageId();
}
