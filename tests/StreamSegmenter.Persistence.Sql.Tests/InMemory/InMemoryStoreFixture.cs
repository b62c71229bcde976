using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.State;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.InMemory;

// The suites are only as good as the stand-in that other tests use in place of a real store.
public sealed class InMemoryOwnershipTests : OwnershipConformance<InMemoryStoreFixture>;

public sealed class InMemoryCustomersTests : CustomersConformance<InMemoryStoreFixture>;

public sealed class InMemoryEffectsTests : EffectsConformance<InMemoryStoreFixture>;

public sealed class InMemoryOutboxTests : OutboxConformance<InMemoryStoreFixture>;

public sealed class InMemoryPolicyTests : PolicyConformance<InMemoryStoreFixture>;

public sealed class InMemoryPushAdministrationTests : PushAdministrationConformance<InMemoryStoreFixture>;

public sealed class InMemoryDeadLettersTests : DeadLettersConformance<InMemoryStoreFixture>;

public sealed class InMemoryConsentsTests : ConsentsConformance<InMemoryStoreFixture>;

public sealed class InMemorySuppressionsTests : SuppressionsConformance<InMemoryStoreFixture>;

public sealed class InMemoryStoreFixture : StateStoreFixture
{
    private readonly InMemoryStateStore _store = new();

    protected override IStateStore Store => _store;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    public override Task ReopenAsync() => Task.CompletedTask;
}
