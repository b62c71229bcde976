using System.Text;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Ingest;

/// <summary>A log that keeps copies, and fails or waits on demand.</summary>
internal sealed class MemoryLog : IEventLogWriter
{
    private readonly Lock _lock = new();
    private readonly List<(CustomerId Customer, string Payload)> _records = [];
    private int _failures;

    public Exception? Failure
    {
        get;
        set
        {
            field = value;
            _failures = int.MaxValue;
        }
    }

    /// <summary>An append completes no earlier than this, whatever its token says.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Appends { get; private set; }

    public IReadOnlyList<(CustomerId Customer, string Payload)> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Lets the next appends fail, and those behind them succeed.</summary>
    public void FailTimes(int times, Exception failure)
    {
        Failure = failure;
        _failures = times;
    }

    public async ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        await Gate;
        if (Failure is { } failure && Interlocked.Decrement(ref _failures) >= 0)
        {
            throw failure;
        }

        lock (_lock)
        {
            Appends++;
            _records.AddRange(
                records.Select(record => (record.Customer, Encoding.UTF8.GetString(record.Payload.Span)))
            );
        }
    }
}

/// <summary>Dead letters that keep copies of their bytes, and fail on demand.</summary>
internal sealed class MemoryDeadLetters : IDeadLetterStore
{
    private readonly Lock _lock = new();
    private readonly List<DeadLetter> _letters = [];

    public Exception? Failure { get; set; }

    public IReadOnlyList<DeadLetter> Letters
    {
        get
        {
            lock (_lock)
            {
                return [.. _letters];
            }
        }
    }

    public ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        lock (_lock)
        {
            _letters.AddRange(letters.Select(letter => letter with { Payload = letter.Payload.ToArray() }));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The ingest only writes.");

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("The ingest only writes.");
}

internal sealed class SwitchedBackpressure : IBackpressure
{
    public TimeSpan? RetryAfter { get; set; }
}
