using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Files;

/// <summary>
/// Appends a line per push, on the disk before it counts as delivered. Pushes that wait at the same time share one
/// sync. A push that is sent again after a crash stands in the file twice, under one id.
/// </summary>
internal sealed class FileConnector(LineFile file, long maxBatchBytes) : IConnector, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        Waiting mine;
        using (payload)
        {
            mine = new(PushDocument.Write(push, payload));
        }

        lock (_gate)
        {
            _waiting.Add(mine);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return TryWithdraw(mine)
                ? DeliveryResult.Retry("The time was over before the line was written.")
                : DeliveryResult.Unknown("The time was over while the line was written.");
        }

        try
        {
            while (mine.Result is null)
            {
                WriteNext();
            }

            return mine.Result;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        _turn.Dispose();
    }

    /// <summary>Writes those that have waited longest, for everybody, as many as one file takes.</summary>
    private void WriteNext()
    {
        Waiting[] batch;
        lock (_gate)
        {
            long bytes = 0;
            batch =
            [
                .. _waiting.TakeWhile((waiting, i) => (bytes += waiting.Line.Length + 1) <= maxBatchBytes || i == 0),
            ];
            _waiting.RemoveRange(0, batch.Length);
        }

        var result = file.Append([.. batch.Select(waiting => waiting.Line)]);
        foreach (var waiting in batch)
        {
            waiting.Result = result;
        }
    }

    private bool TryWithdraw(Waiting mine)
    {
        lock (_gate)
        {
            return _waiting.Remove(mine);
        }
    }

    private sealed class Waiting(ReadOnlyMemory<byte> line)
    {
        public ReadOnlyMemory<byte> Line { get; } = line;

        /// <summary>Set by whoever has the turn, and read by whoever has it next.</summary>
        public DeliveryResult? Result { get; set; }
    }
}
