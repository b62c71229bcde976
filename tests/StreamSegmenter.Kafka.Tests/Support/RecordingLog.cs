using System.Text;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>Keeps what is written to it, unless it is told to refuse.</summary>
internal sealed class RecordingLog : IEventLogWriter, IDeadLetterStore
{
    private readonly Lock _gate = new();
    private readonly List<(string Customer, string Payload)> _events = [];
    private readonly List<DeadLetter> _letters = [];

    /// <summary>Thrown instead of taking anything.</summary>
    public volatile Exception? Refusal;

    public int Refused;

    public (string Customer, string Payload)[] Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public DeadLetter[] Letters
    {
        get
        {
            lock (_gate)
            {
                return [.. _letters];
            }
        }
    }

    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        if (Refusal is { } refusal)
        {
            Interlocked.Increment(ref Refused);
            throw refusal;
        }

        lock (_gate)
        {
            _events.AddRange(records.Select(r => (r.Customer.Value, Encoding.UTF8.GetString(r.Payload.Span))));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _letters.AddRange(letters);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
