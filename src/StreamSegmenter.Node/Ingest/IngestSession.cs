using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// What one request needs, kept for the next: buffers, decoder, lists. <see cref="Records"/> and <see cref="Letters"/>
/// point into the buffers; they are valid until <see cref="Reset"/>. Not thread-safe.
/// </summary>
internal sealed class IngestSession(IngestOptions options, Func<string> messageIds)
{
    private readonly EventDecoder _decoder = new(new EventLimits { MaxBytes = options.MaxEventBytes });
    private readonly PooledBytes _normalized = new();
    private readonly PooledBytes _scratch = new();
    private readonly PooledBytes _merged = new();
    private readonly List<(CustomerId Customer, int Start, int Length)> _accepted = [];

    public PooledBytes Body { get; } = new();

    public PooledBytes Packed { get; } = new();

    public RequestEnvelope Envelope { get; } = new();

    public List<NewRecord> Records { get; } = [];

    public List<DeadLetter> Letters { get; } = [];

    public List<RefusedEvent> Refused { get; } = [];

    /// <summary>
    /// A store failed, or took too long, and may still be reading from the buffers: they must not be used again.
    /// </summary>
    public bool MayStillBeRead { get; set; }

    /// <summary>Sorts the request's events into <see cref="Records"/> and <see cref="Letters"/>.</summary>
    public void Decode(EventType? impliedType, string source, Timestamp now)
    {
        Timestamp? sentAt = Iso8601.TryParse(Body.Span[Envelope.SentAt], out Timestamp sent) ? sent : null;
        for (int i = 0; i < Envelope.Events.Count; i++)
        {
            (int start, int length) = Envelope.Events[i].GetOffsetAndLength(Body.Count);
            ReadOnlyMemory<byte> text = Body.Slice(start, length);
            if (_decoder.TryDecode(WithDefaults(text), impliedType, out EventView view, out Rejection rejection))
            {
                Accept(view, now, sentAt);
            }
            else
            {
                Refuse(i, text, rejection, source, now);
            }
        }

        foreach ((CustomerId customer, int start, int length) in _accepted)
        {
            Records.Add(new(customer, _normalized.Slice(start, length)));
        }
    }

    /// <summary>Makes it ready for another request.</summary>
    public void Reset()
    {
        foreach (PooledBytes buffer in (ReadOnlySpan<PooledBytes>)[Body, Packed, _normalized, _scratch, _merged])
        {
            buffer.Clear();
        }

        _accepted.Clear();
        Records.Clear();
        Letters.Clear();
        Refused.Clear();
    }

    private ReadOnlyMemory<byte> WithDefaults(ReadOnlyMemory<byte> text)
    {
        ReadOnlySpan<byte> context = Body.Span[Envelope.Context];
        ReadOnlySpan<byte> integrations = Body.Span[Envelope.Integrations];
        if (context.IsEmpty && integrations.IsEmpty)
        {
            return text;
        }

        _merged.Clear();
        BatchDefaults.Apply(text.Span, context, integrations, _scratch, _merged);
        return _merged.Slice(0, _merged.Count);
    }

    private void Accept(EventView view, Timestamp now, Timestamp? sentAt)
    {
        view.TryGetCustomer(out CustomerId customer);
        int start = _normalized.Count;
        string? messageId = view.MessageId.IsMissing ? messageIds() : null;
        EventNormalizer.Write(view, new(now, sentAt, messageId), _normalized);
        _accepted.Add((customer, start, _normalized.Count - start));
    }

    private void Refuse(int index, ReadOnlyMemory<byte> text, Rejection rejection, string source, Timestamp now)
    {
        string reason = rejection.Reason.Code();
        Letters.Add(new(now, source, reason, rejection.Detail, text));
        if (Refused.Count < IngestAnswer.MaxRefusedListed)
        {
            Refused.Add(new(index, reason, rejection.Detail));
        }
    }
}
