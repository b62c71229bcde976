using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

public sealed class PostgresOpeningTests
{
    [Fact]
    public async Task A_store_of_a_newer_program_is_refused_and_left_alone()
    {
        PostgresSchemaOfTest schema = await PostgresSchemaOfTest.CreateAsync();
        await OpenAndCloseAsync(schema.Options);
        await schema.RunAsync("INSERT INTO schema_version VALUES (99, 0)");

        PostgresStoreException e = await RefusedAsync(schema.Options);
        e.Message.ShouldContain($"schema {schema.Name}");
        e.Message.ShouldContain("a state store of version 99, but this program knows versions up to ");
        (await schema.RunAsync("SELECT count(*) FROM opening")).ShouldBe(1L);
        await schema.RunAsync("DELETE FROM schema_version WHERE version = 99");
        await OpenAndCloseAsync(schema.Options);
    }

    [Fact]
    public async Task A_store_of_version_1_is_read_and_continued()
    {
        PostgresSchemaOfTest schema = await PostgresSchemaOfTest.CreateAsync();
        string fixture = Path.Combine(AppContext.BaseDirectory, "Postgres", "Fixtures", "state-v1.sql");
        await schema.RunAsync($"CREATE SCHEMA {schema.Name}; {await File.ReadAllTextAsync(fixture)}");

        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(schema.Options, TimeProvider.System);

        ShardStart start = await store.Ownership.AcquireAsync(new(1), 4, "node-b", default);
        start.Lease.Epoch.ShouldBe(new OwnerEpoch(7));
        start.NextOutboxSequence.ShouldBe(4);
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(1, 1, 1));
        CustomerCase one = (
            await store.Cases.ReadAsync(new([new("u1")], [new("mail")], new(1577836700000), 10, _ => null), default)
        ).ShouldHaveSingleItem();
        one.Pending.ShouldHaveSingleItem().Push.Id.ShouldBe(new PushId("p1"));
        one.Facts.Grants.ShouldBeEmpty();
        one.Facts.Standings[new("vip")].ShouldBe(new Standing(2, IsMember: false));
        await store.Outbox.UpdateAsync(
            [new OutboxUpdate.Dropped(new("p1"), new(1577836800000), "suppressed")],
            default
        );
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(0, 1, 1) { Dropped = 1 });
    }

    [Fact]
    public async Task A_server_that_would_lose_or_refuse_commits_is_refused()
    {
        await using PostgresServer server = await PostgresServer.StartAsync("fsync=off");
        PostgresStateStoreOptions options = new PostgresSchemaOfTest(server).Options;

        (await RefusedAsync(options)).Message.ShouldContain("Set fsync = on in postgresql.conf");
        await OpenAndCloseAsync(options with { AllowServerWithoutFsync = true });

        await server.StopAsync();
        await server.RunAsync("full_page_writes=off");
        (await RefusedAsync(options)).Message.ShouldContain("Set full_page_writes = on in postgresql.conf");

        // What the server says of these is not what the store's own connections do.
        await server.StopAsync();
        await server.RunAsync(
            "synchronous_commit=off",
            "default_transaction_isolation=serializable",
            "default_transaction_read_only=on"
        );
        await OpenAndCloseAsync(options);

        await server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "standby.signal"), "");
        await server.RunAsync();
        (await RefusedAsync(options)).Message.ShouldContain("is a standby");
    }

    [Fact]
    public async Task Of_several_hosts_the_one_that_answers_is_taken()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        PostgresSchemaOfTest schema = new(server);
        string several = server.ConnectionString.Replace(
            $"Host=127.0.0.1;Port={server.Port}",
            $"Host=127.0.0.1:1,127.0.0.1:{server.Port}",
            StringComparison.Ordinal
        );

        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(
            schema.Options with
            {
                ConnectionString = several,
            },
            TimeProvider.System
        );
        (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease.Epoch.ShouldBe(new OwnerEpoch(1));
    }

    [Fact]
    public async Task A_wrong_password_is_a_fault_and_nowhere_repeated()
    {
        PostgresSchemaOfTest schema = await PostgresSchemaOfTest.CreateAsync();

        PostgresStoreException e = await RefusedAsync(schema.Options with { Password = "guess-42" });
        e.Message.ShouldContain("password authentication failed");
        e.ToString().ShouldNotContain("guess-42");
    }

    [Fact]
    public async Task Impossible_options_are_refused()
    {
        PostgresStateStoreOptions good = (await PostgresSchemaOfTest.CreateAsync()).Options;
        PostgresStateStoreOptions[] bad =
        [
            good with
            {
                ConnectionString = " ",
            },
            good with
            {
                ConnectionString = "Database=shop",
            },
            good with
            {
                ConnectionString = "Hostess=db",
            },
            good with
            {
                Schema = "a b",
            },
            good with
            {
                Schema = "a\"; DROP SCHEMA public; --",
            },
            good with
            {
                MaxConnections = 0,
            },
            good with
            {
                CommandTimeout = TimeSpan.Zero,
            },
            good with
            {
                RetryFor = TimeSpan.FromSeconds(-1),
            },
            good with
            {
                TransitionRetention = TimeSpan.FromDays(-1),
            },
        ];
        foreach (PostgresStateStoreOptions options in bad)
        {
            await Should.ThrowAsync<ArgumentException>(() => OpenAndCloseAsync(options));
        }
    }

    private static async Task OpenAndCloseAsync(PostgresStateStoreOptions options) =>
        await (await PostgresStateStore.OpenAsync(options, TimeProvider.System)).DisposeAsync();

    private static Task<PostgresStoreException> RefusedAsync(PostgresStateStoreOptions options) =>
        Should.ThrowAsync<PostgresStoreException>(() => OpenAndCloseAsync(options));
}
