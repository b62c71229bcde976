namespace StreamSegmenter.Oracle;

/// <summary>
/// One record of a log: its log time in milliseconds since 1970 UTC, and the event as JSON. It is evaluated at its log
/// time, or at the clock before it where that is later; its event may be no later than its log time.
/// </summary>
/// <param name="Clock">Where the clock stood, at least, when the record came: time may have acted before.</param>
public sealed record OracleRecord(long LogTime, string Json, long Clock = long.MinValue);
