using StreamSegmenter.Conformance.State;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

public sealed class PostgresOwnershipTests : OwnershipConformance<PostgresStoreFixture>;

public sealed class PostgresCustomersTests : CustomersConformance<PostgresStoreFixture>;

public sealed class PostgresEffectsTests : EffectsConformance<PostgresStoreFixture>;

public sealed class PostgresOutboxTests : OutboxConformance<PostgresStoreFixture>;

public sealed class PostgresPolicyTests : PolicyConformance<PostgresStoreFixture>;

public sealed class PostgresPushAdministrationTests : PushAdministrationConformance<PostgresStoreFixture>;

public sealed class PostgresDeadLettersTests : DeadLettersConformance<PostgresStoreFixture>;

public sealed class PostgresConsentsTests : ConsentsConformance<PostgresStoreFixture>;

public sealed class PostgresSuppressionsTests : SuppressionsConformance<PostgresStoreFixture>;

public sealed class PostgresStoreFixture : StateStoreFixture
{
    private PostgresSchemaOfTest? _schema;
    private PostgresStateStore? _store;

    protected override IStateStore Store => _store!;

    public override async Task InitializeAsync()
    {
        _schema ??= await PostgresSchemaOfTest.CreateAsync();
        _store = await PostgresStateStore.OpenAsync(_schema.Options, new FakeTimeProvider());
    }

    public override async Task DisposeAsync() => await _store!.DisposeAsync();

    public override async Task ReopenAsync()
    {
        await DisposeAsync();
        await InitializeAsync();
    }
}
