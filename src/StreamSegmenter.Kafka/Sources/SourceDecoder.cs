using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;
using Timestamp = StreamSegmenter.Segmentation.Events.Timestamp;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>What a source record is.</summary>
internal readonly record struct SourceVerdict(NewRecord? Event, DeadLetter? Letter)
{
    /// <summary>
    /// A record without a value: it deletes its key where topics are compacted, and tells us nothing.
    /// </summary>
    public bool IsTombstone => Event is null && Letter is null;
}

/// <summary>Makes events of the records of one topic. Not thread-safe.</summary>
internal sealed class SourceDecoder(KafkaTopicSource source, EventLimits limits, TimeProvider time)
{
    private readonly EventDecoder _decoder = new(limits);
    private readonly FlatEvents? _flat = source.Mapping is { } mapping ? new(mapping, limits) : null;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly string _topicId = XxHash64
        .Hash(Encoding.UTF8.GetBytes(source.Topic))
        .ToString("x16", CultureInfo.InvariantCulture);

    public SourceVerdict Decode(ConsumeResult<byte[]?, byte[]?> record)
    {
        if (record.Message.Value is not { } value)
        {
            return default;
        }

        ReadOnlyMemory<byte> text = _flat?.Convert(record.Message) ?? value;
        if (!_decoder.TryDecode(text, out EventView view, out Rejection rejection))
        {
            if (rejection.Reason != RejectReason.NoId || !TryAddKey(record.Message.Key, text, out text))
            {
                return new(null, Letter(record, rejection));
            }

            if (!_decoder.TryDecode(text, out view, out rejection))
            {
                return new(null, Letter(record, rejection));
            }
        }

        if (CustomerOf(record.Message.Key, view) is not { IsMissing: false } customer)
        {
            const string detail = "the key must be the customer's id: UTF-8, not empty, without U+0000";
            return new(null, Letter(record, new(RejectReason.NoKey, detail)));
        }

        // The same for a record that is read again, so that the second is known for a duplicate.
        string id = string.Create(
            CultureInfo.InvariantCulture,
            $"kafka-{_topicId}-{record.Partition.Value}-{record.Offset.Value}"
        );
        _output.ResetWrittenCount();
        EventNormalizer.Write(view, new(ReceivedAt(record), null, id), _output);
        return new(new NewRecord(customer, _output.WrittenSpan.ToArray()), null);
    }

    private CustomerId CustomerOf(byte[]? key, EventView view)
    {
        if (!source.KeyIsCustomer)
        {
            view.TryGetCustomer(out CustomerId customer);
            return customer;
        }

        return IsId(key) ? new(KeyText.Strict.GetString(key!)) : default;
    }

    private bool IsId(byte[]? key) =>
        key is { Length: > 0 }
        && !key.AsSpan().Contains((byte)0)
        && System.Text.Unicode.Utf8.IsValid(key)
        && Encoding.UTF8.GetCharCount(key) <= limits.MaxIdLength;

    private bool TryAddKey(byte[]? key, ReadOnlyMemory<byte> text, out ReadOnlyMemory<byte> completed)
    {
        completed = text;
        if (!source.KeyIsCustomer || !IsId(key))
        {
            return false;
        }

        ReadOnlySpan<byte> members = text.Span[(text.Span.IndexOf((byte)'{') + 1)..];
        bool isEmpty = members.TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
        completed = Encoding
            .UTF8.GetBytes($"{{\"userId\":\"{JsonEncodedText.Encode(key)}\"{(isEmpty ? "" : ",")}")
            .Concat(members.ToArray())
            .ToArray();
        return true;
    }

    private Timestamp ReceivedAt(ConsumeResult<byte[]?, byte[]?> record) =>
        record.Message.Timestamp.Type == TimestampType.NotAvailable
        || record.Message.Timestamp.UnixTimestampMs is < 0 or > 253_402_300_799_999
            ? Timestamp.From(time.GetUtcNow())
            : new(record.Message.Timestamp.UnixTimestampMs);

    private DeadLetter Letter(ConsumeResult<byte[]?, byte[]?> record, Rejection rejection) =>
        new(
            Timestamp.From(time.GetUtcNow()),
            string.Create(
                CultureInfo.InvariantCulture,
                $"kafka {record.Topic} partition {record.Partition.Value} offset {record.Offset.Value}"
            ),
            rejection.Reason.Code(),
            rejection.Detail,
            record.Message.Value
        );
}
