using StreamSegmenter.Conformance.State;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

public sealed class SqliteOwnershipTests : OwnershipConformance<SqliteStoreFixture>;

public sealed class SqliteCustomersTests : CustomersConformance<SqliteStoreFixture>;

public sealed class SqliteEffectsTests : EffectsConformance<SqliteStoreFixture>;

public sealed class SqliteOutboxTests : OutboxConformance<SqliteStoreFixture>;

public sealed class SqlitePolicyTests : PolicyConformance<SqliteStoreFixture>;

public sealed class SqlitePushAdministrationTests : PushAdministrationConformance<SqliteStoreFixture>;

public sealed class SqliteDeadLettersTests : DeadLettersConformance<SqliteStoreFixture>;

public sealed class SqliteConsentsTests : ConsentsConformance<SqliteStoreFixture>;

public sealed class SqliteSuppressionsTests : SuppressionsConformance<SqliteStoreFixture>;

public sealed class SqliteStoreFixture : StateStoreFixture
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteStateStore? _store;

    protected override IStateStore Store => _store!;

    public override async Task InitializeAsync() =>
        _store = await SqliteStateStore.OpenAsync(new() { Directory = _directory.Path }, new FakeTimeProvider());

    public override async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }

    public override async Task ReopenAsync()
    {
        await _store!.DisposeAsync();
        await InitializeAsync();
    }
}
