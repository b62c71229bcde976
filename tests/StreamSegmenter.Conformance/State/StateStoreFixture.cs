using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What the suites need from an implementation: a new, empty store for each test.</summary>
public abstract class StateStoreFixture : IAsyncLifetime
{
    public IShardOwnership Ownership => Store.Ownership;

    public ICustomerReader Customers => Store.Customers;

    public IShardCommitter Committer => Store.Committer;

    public IMembershipReader Memberships => Store.Memberships;

    public IDeadLetterStore DeadLetters => Store.DeadLetters;

    public IOutbox Outbox => Store.Outbox;

    public IConsentReader Consents => Store.Consents;

    public ISuppressionList Suppressions => Store.Suppressions;

    public ICustomerCaseReader Cases => Store.Cases;

    public IPushAdministration PushAdministration => Store.PushAdministration;

    public ValueTask PinAsync(int partitionCount) => Store.PinAsync(partitionCount, default);

    /// <summary>The store that is open now.</summary>
    protected abstract IStateStore Store { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>Closes the store and opens it again. A store that is gone with its process has nothing to do.</summary>
    public abstract Task ReopenAsync();
}
