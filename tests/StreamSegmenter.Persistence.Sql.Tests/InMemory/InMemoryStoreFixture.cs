using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.State;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.InMemory;

// The suites are only as good as the stand-in that other tests use in place of a real store.
public sealed class InMemoryOwnershipTests : OwnershipConformance<InMemoryStoreFixture>;

public sealed class InMemoryCustomersTests : CustomersConformance<InMemoryStoreFixture>;

public sealed class InMemoryEffectsTests : EffectsConformance<InMemoryStoreFixture>;

public sealed class InMemoryOutboxTests : OutboxConformance<InMemoryStoreFixture>;

public sealed class InMemoryDeadLettersTests : DeadLettersConformance<InMemoryStoreFixture>;

public sealed class InMemoryStoreFixture : StateStoreFixture
{
    private readonly InMemoryStateStore _store = new();

    public override IShardOwnership Ownership => _store;

    public override ICustomerReader Customers => _store;

    public override IShardCommitter Committer => _store;

    public override IMembershipReader Memberships => _store;

    public override IDeadLetterStore DeadLetters => _store.DeadLetters;

    public override IOutbox Outbox => _store.Outbox;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    public override Task ReopenAsync() => Task.CompletedTask;
}
