using Npgsql;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>One statement with the values of <c>$1</c>, <c>$2</c>, ...: numbers, bytes, and arrays of both.</summary>
/// <param name="Values">No array of objects, for which a lone array of bytes would be taken.</param>
internal sealed record Statement(string Sql, params List<object> Values)
{
    public NpgsqlBatchCommand ToCommand()
    {
#pragma warning disable CA2100 // every text is a constant of this assembly; values are always parameters
        NpgsqlBatchCommand command = new(Sql);
#pragma warning restore CA2100
        foreach (object value in Values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
