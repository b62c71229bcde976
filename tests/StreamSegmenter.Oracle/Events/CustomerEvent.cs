using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Events;

/// <summary>One event of a customer. <see cref="Time"/> is already clamped to the log time.</summary>
internal sealed record CustomerEvent(string Name, Fields Payload, Fields Envelope, long Time, long LogOrder)
{
    public bool IsIdentify => Envelope["type"] is Text { Content: "identify" };

    /// <summary>Strictly before in (time, log order).</summary>
    public bool IsBefore(CustomerEvent other) => (Time, LogOrder).CompareTo((other.Time, other.LogOrder)) < 0;
}
