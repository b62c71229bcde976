namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>A reader's hold on the batches that its records lie in. Thread-safe.</summary>
internal sealed class BatchLease(List<StoredBatch> batches) : IDisposable
{
    private List<StoredBatch>? _batches = batches;

    /// <summary>The reader looks at none of them any more. Only the first call counts.</summary>
    public void Dispose() => Interlocked.Exchange(ref _batches, null)?.ForEach(static batch => batch.Buffer?.Release());
}
