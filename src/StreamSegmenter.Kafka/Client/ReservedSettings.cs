using System.Collections.Frozen;

namespace StreamSegmenter.Kafka.Client;

/// <summary>The client's settings that are not for the configuration to say, and why.</summary>
internal static class ReservedSettings
{
    private const string Own = "it has a key of its own in this configuration";
    private const string Delivery = "that nothing is lost, doubled or reordered depends on it";
    private const string Ownership = "that a shard goes on where it stood depends on it";
    private const string Code = "it would load code into this process";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["bootstrap.servers"] = Own,
        ["metadata.broker.list"] = Own,
        ["client.id"] = Own,
        ["group.id"] = Own,
        ["group.instance.id"] = Own,
        ["session.timeout.ms"] = Own,
        ["max.poll.interval.ms"] = Own,
        ["message.timeout.ms"] = Own,
        ["delivery.timeout.ms"] = Own,
        ["compression.codec"] = Own,
        ["compression.type"] = Own,
        ["linger.ms"] = Own,
        ["queue.buffering.max.ms"] = Own,
        ["queue.buffering.max.messages"] = Own,
        ["queue.buffering.max.kbytes"] = Own,
        ["message.max.bytes"] = Own,
        ["acks"] = Delivery,
        ["request.required.acks"] = Delivery,
        ["enable.idempotence"] = Delivery,
        ["enable.gapless.guarantee"] = Delivery,
        ["max.in.flight"] = Delivery,
        ["max.in.flight.requests.per.connection"] = Delivery,
        ["retries"] = Delivery,
        ["message.send.max.retries"] = Delivery,
        ["transactional.id"] = Delivery,
        ["partitioner"] = Delivery,
        ["check.crcs"] = Delivery,
        ["isolation.level"] = Delivery,
        ["delivery.report.only.error"] = Delivery,
        ["auto.offset.reset"] = Ownership,
        ["enable.auto.commit"] = Ownership,
        ["auto.commit.enable"] = Ownership,
        ["auto.commit.interval.ms"] = Ownership,
        ["enable.auto.offset.store"] = Ownership,
        ["enable.partition.eof"] = Ownership,
        ["partition.assignment.strategy"] = Ownership,
        ["group.protocol"] = Ownership,
        ["group.remote.assignor"] = Ownership,
        ["plugin.library.paths"] = Code,
        ["ssl.engine.location"] = Code,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null when it may be set.</summary>
    public static string? Reason(string name) =>
        name.StartsWith("dotnet.", StringComparison.Ordinal) ? Ownership : Reasons.GetValueOrDefault(name);
}
