using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What the suites need from an implementation: a new, empty store for each test.</summary>
public abstract class StateStoreFixture : IAsyncLifetime
{
    public abstract IShardOwnership Ownership { get; }

    public abstract ICustomerReader Customers { get; }

    public abstract IShardCommitter Committer { get; }

    public abstract IMembershipReader Memberships { get; }

    public abstract IDeadLetterStore DeadLetters { get; }

    public abstract IOutbox Outbox { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>Closes the store and opens it again. A store that is gone with its process has nothing to do.</summary>
    public abstract Task ReopenAsync();
}
