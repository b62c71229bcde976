using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Files;

/// <summary>
/// Appends a line per push, on the disk before it counts as delivered. Pushes that wait at the same time share one
/// sync. A push that is sent again after a crash stands in the file twice, under one id.
/// </summary>
internal sealed class FileConnector(LineFile file, FileOptions options, TimeProvider time)
    : IConnector,
        IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return DeliveryResult.Retry("The time was over before the line was written.");
        }

        Waiting mine;
        using (payload)
        {
            mine = new(PushDocument.Write(push, payload));
        }

        Enqueue(mine);
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await mine.Result.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return TryWithdraw(mine)
                ? DeliveryResult.Retry("The time was over before the line was written.")
                : DeliveryResult.Unknown("The time was over while the line was written.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _writing.WaitAsync(options.Timeout, time);
            file.Dispose();
        }
        catch (TimeoutException)
        {
            // The disk does not answer; the file is closed with the process.
        }
    }

    private void Enqueue(Waiting mine)
    {
        lock (_gate)
        {
            _waiting.Add(mine);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAll); // a disk that hangs holds a thread, and callers stay free to give up
            }
        }
    }

    private void WriteAll()
    {
        while (TakeNext() is { Length: > 0 } batch)
        {
            DeliveryResult result;
            try
            {
                result = file.Append([.. batch.Select(waiting => waiting.Line)]);
            }
            catch (Exception exception)
            {
                result = DeliveryResult.Unknown($"{exception.GetType().Name}: {exception.Message}");
            }

            foreach (var waiting in batch)
            {
                waiting.Finish(result);
            }
        }
    }

    /// <summary>Those that have waited longest, as many as one file takes; none ends the writing.</summary>
    private Waiting[] TakeNext()
    {
        lock (_gate)
        {
            long bytes = 0;
            Waiting[] batch =
            [
                .. _waiting.TakeWhile(
                    (waiting, i) => (bytes += waiting.Line.Length + 1) <= options.MaxFileBytes || i == 0
                ),
            ];
            _waiting.RemoveRange(0, batch.Length);
            _isWriting = batch.Length > 0;
            return batch;
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
        private readonly TaskCompletionSource<DeliveryResult> _result = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public ReadOnlyMemory<byte> Line { get; } = line;

        public Task<DeliveryResult> Result => _result.Task;

        public void Finish(DeliveryResult result) => _result.SetResult(result);
    }
}
