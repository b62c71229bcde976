namespace StreamSegmenter.Oracle;

/// <summary>
/// One record of a log: its log time in milliseconds since 1970 UTC (the previous record's where that is larger), and
/// the event as JSON.
/// </summary>
public sealed record OracleRecord(long LogTime, string Json);
