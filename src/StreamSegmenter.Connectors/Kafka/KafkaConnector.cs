using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Connectors.Kafka;

/// <summary>
/// Writes a record per push. A push whose outcome is <see cref="DeliveryOutcome.Unknown"/> may stand in the topic twice
/// when it is tried again, under one id.
/// </summary>
internal sealed class KafkaConnector(KafkaOptions options, ConnectorServices services, ITopicWriter topic)
    : IConnector,
        IAsyncDisposable
{
    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!TryWrite(push, out var record, out var refusal))
        {
            return refusal;
        }

        using var limit = new CancellationTokenSource(options.Timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await topic.WriteAsync(record, either.Token);
    }

    public ValueTask DisposeAsync() => topic.DisposeAsync();

    private bool TryWrite(
        Push push,
        [NotNullWhen(true)] out TopicRecord? record,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        record = null;
        if (!PushPayload.TryParse(push, out var payload, out refusal))
        {
            return false;
        }

        using (payload)
        {
            if (!PushFacts.TryRead(payload, out var facts, out refusal))
            {
                return false;
            }

            var value = options.Format switch
            {
                RecordFormat.SegmentIdentify => SegmentCalls.Identify(push, facts),
                RecordFormat.SegmentTrack => SegmentCalls.Track(push, facts),
                _ => PushDocument.Write(push, payload),
            };
            record = new(
                push.Customer.Value,
                value,
                [
                    new("idempotency-key", push.Id.Value),
                    new("segment", facts.Segment),
                    new("transition", facts.Kind),
                    new("content-type", "application/json"),
                ]
            );
            return true;
        }
    }
}
