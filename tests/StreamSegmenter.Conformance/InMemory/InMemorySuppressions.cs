using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>The suppression list of an <see cref="InMemoryStateStore"/>, under its lock.</summary>
internal sealed class InMemorySuppressions(Lock gate) : ISuppressionList
{
    private readonly Dictionary<Suppression, SuppressedAddress> _addresses = [];

    public ValueTask<int> AddAsync(IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(addresses.Count(address => _addresses.TryAdd(address.Suppression, address)));
        }
    }

    public ValueTask<bool> RemoveAsync(Suppression suppression, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(_addresses.Remove(suppression));
        }
    }

    public ValueTask<IReadOnlySet<Suppression>> FindAsync(
        IReadOnlyCollection<Suppression> suppressions,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(suppressions.Where(_addresses.ContainsKey).ToHashSet());
        }
    }

    /// <summary>The lock is held.</summary>
    public HashSet<Suppression> Among(IEnumerable<Suppression> suppressions) =>
        suppressions.Where(_addresses.ContainsKey).ToHashSet();

    public ValueTask<IReadOnlyList<SuppressedAddress>> ReadAsync(
        string channel,
        string after,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new([
                .. _addresses
                    .Values.Where(address => address.Suppression.Channel == channel)
                    .Where(address => CodePointOrder.Instance.Compare(address.Suppression.Address, after) > 0)
                    .OrderBy(address => address.Suppression.Address, CodePointOrder.Instance)
                    .Take(max),
            ]);
        }
    }
}
