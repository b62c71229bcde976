namespace StreamSegmenter.Streams.Sqlite;

/// <summary>A database file that cannot be used as it is; the message names the file, the fault and the cure.</summary>
public sealed class SqliteFileException(string path, string faultAndCure, Exception? innerException = null)
    : IOException($"{path}: {faultAndCure}", innerException);
