namespace StreamSegmenter.Node.Ingest;

/// <summary>Tells the ingest whether the engine keeps up. Thread-safe; read once per request.</summary>
public interface IBackpressure
{
    /// <summary>How long producers should hold back; null while they need not.</summary>
    TimeSpan? RetryAfter { get; }
}
