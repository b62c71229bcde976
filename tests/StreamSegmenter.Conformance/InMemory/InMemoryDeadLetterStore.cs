using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

internal sealed class InMemoryDeadLetterStore : IDeadLetterStore
{
    private readonly Lock _gate = new();
    private readonly List<DeadLetter> _letters = [];

    public ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Add(letters);
        return ValueTask.CompletedTask;
    }

    public void Add(IReadOnlyList<DeadLetter> letters)
    {
        lock (_gate)
        {
            _letters.AddRange(letters.Select(letter => letter with { Payload = letter.Payload.ToArray() }));
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new([.. Enumerable.Reverse(_letters).Take(max)]);
        }
    }

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(
                _letters
                    .GroupBy(letter => letter.Reason, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.LongCount(), StringComparer.Ordinal)
            );
        }
    }
}
