namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>A server or database that cannot be used as it is; the message names it, the fault and the cure.</summary>
public sealed class PostgresStoreException(string place, string faultAndCure, Exception? innerException = null)
    : IOException($"{place}: {faultAndCure}", innerException);
