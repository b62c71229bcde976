using System.Collections.Concurrent;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// What others want to know of a shard's customers, waiting for the shard's loop to answer. Bounded: a question too
/// many is refused at once. Thread-safe, but for the answering.
/// </summary>
internal sealed class ShardQuestions
{
    private const int MaxWaiting = 10_000;

    private readonly ConcurrentQueue<Question> _waiting = new();
    private volatile bool _isOpen;

    public bool Any => !_waiting.IsEmpty;

    /// <summary>The shard's loop runs, and will come round to answering.</summary>
    public void Open() => _isOpen = true;

    /// <summary>It does not any more: whoever waits is told so.</summary>
    public void Close()
    {
        _isOpen = false;
        while (_waiting.TryDequeue(out Question? question))
        {
            question.Answer.TrySetException(new ShardAwayException());
        }
    }

    /// <exception cref="ShardAwayException">The shard is not here, or too many wait already.</exception>
    public Task<CustomerSnapshot?> AskAsync(CustomerId customer)
    {
        if (!_isOpen || _waiting.Count >= MaxWaiting)
        {
            return Task.FromException<CustomerSnapshot?>(new ShardAwayException());
        }

        var question = new Question(customer);
        _waiting.Enqueue(question);
        if (!_isOpen)
        {
            Close();
        }

        return question.Answer.Task;
    }

    /// <summary>The customers asked about until now.</summary>
    public IReadOnlyList<CustomerId> Customers => [.. _waiting.Select(question => question.Customer)];

    /// <summary>Answers the first <paramref name="count"/> questions; their customers are in memory if they are
    /// known.</summary>
    public void Answer(int count, SegmentationShard shard)
    {
        for (int i = 0; i < count && _waiting.TryDequeue(out Question? question); i++)
        {
            question.Answer.TrySetResult(shard.Snapshot(question.Customer));
        }
    }

    private sealed record Question(CustomerId Customer)
    {
        public TaskCompletionSource<CustomerSnapshot?> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The shard that was asked is not at work here, or has too much of it. Ask the state store.</summary>
public sealed class ShardAwayException() : InvalidOperationException("The shard is not at work here.");
