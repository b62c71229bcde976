using System.Globalization;
using Npgsql;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Persistence.Sql.Postgres;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>A schema that one test has for itself, on a server that it may share with others.</summary>
internal sealed class PostgresSchemaOfTest(PostgresServer server)
{
    private static int s_last;

    public string Name { get; } = "test" + Interlocked.Increment(ref s_last).ToString(CultureInfo.InvariantCulture);

    public PostgresStateStoreOptions Options =>
        new()
        {
            ConnectionString = server.ConnectionString,
            Password = server.Password,
            Schema = Name,
        };

    public static async Task<PostgresSchemaOfTest> CreateAsync() => new(await PostgresServer.SharedAsync());

    /// <summary>Runs a statement as an operator would; tells the first value of its first row.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using NpgsqlConnection connection = new($"{server.ConnectionString};Password={server.Password}");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"SET search_path = {Name}; {sql}", connection);
        return await command.ExecuteScalarAsync();
    }
}
