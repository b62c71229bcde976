using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class BatchFormatTests
{
    [Fact]
    public void Records_of_any_size_come_back_from_any_position()
    {
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            NewRecord[] records =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 40))
                    .Select(_ => new NewRecord(
                        new(NaughtyText.Names[random.Next(NaughtyText.Names.Count)]),
                        Payload(random)
                    )),
            ];
            StoredBatch batch = Join(records);

            BatchFormat.Verify(batch);
            int skip = random.Next(records.Length);
            int max = random.Next(1, 50);
            List<LogRecord> read = [];
            BatchFormat.Read(batch, new(batch.First.Value + skip), max, read);

            NewRecord[] expected = [.. records.Skip(skip).Take(max)];
            read.Select(record => record.Customer).ShouldBe(expected.Select(record => record.Customer));
            read.Zip(expected)
                .ShouldAllBe(pair => pair.First.Payload.ToArray().SequenceEqual(pair.Second.Payload.ToArray()));
            read.Select(record => record.Position.Value)
                .ShouldBe(Enumerable.Range(skip, expected.Length).Select(i => batch.First.Value + i));
        }
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        StoredBatch batch = Join([new(new("u1"), "{\"a\":1}"u8.ToArray()), new(new("u2"), "{}"u8.ToArray())]);
        for (int bit = 0; bit < batch.Bytes.Length * 8; bit++)
        {
            byte[] damaged = batch.Bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));

            LogCorruptException e = Should.Throw<LogCorruptException>(() =>
                BatchFormat.Verify(batch with { Bytes = damaged })
            );
            e.Partition.ShouldBe(batch.Partition);
            e.Position.ShouldBe(batch.First);
        }
    }

    [Fact]
    public void A_batch_in_another_place_is_noticed()
    {
        StoredBatch batch = Join([new(new("u1"), "{}"u8.ToArray())]);

        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { Partition = new(2) }));
        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { First = batch.First.Next }));
        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { Count = 2 }));
        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { LogTime = batch.LogTime.Plus(1) }));
        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { Bytes = batch.Bytes[..^1] }));
        Should.Throw<LogCorruptException>(() => BatchFormat.Verify(batch with { Bytes = default }));
    }

    [Fact]
    public void The_checksum_is_the_standard_CRC_32C()
    {
        // The published check value of CRC-32C is that of these nine digits. The place is hashed first, in 20 bytes.
        byte[] place = new byte[20];
        StoredBatch batch = new(new(0), new(0), 0, new(0), (byte[])[0, 0, 0, 0, 0, .. "123456789"u8]);
        BatchFormat.Seal(batch);

        Crc32C("123456789"u8.ToArray()).ShouldBe(0xE3069283);
        BitConverter.ToUInt32(batch.Bytes.Span[1..]).ShouldBe(Crc32C([.. place, .. "123456789"u8]));
    }

    [Fact]
    public void What_several_callers_packed_becomes_batches_of_limited_size_in_order()
    {
        NewRecord[] records =
        [
            .. Enumerable.Range(0, 3_000).Select(i => new NewRecord(new("u1"), Encoding.UTF8.GetBytes($"{i:d400}"))),
        ];
        List<PackedRecords> packs = [.. records.Chunk(7).SelectMany(chunk => PackedRecords.Pack(chunk, 1))];
        List<StoredBatch> batches = [];
        BatchJoiner.Join(packs, new(10), new(1), batches);

        batches.Count.ShouldBeInRange(19, 24);
        batches.ShouldAllBe(batch => batch.Bytes.Length <= PackedRecords.BatchBytesWanted + 5);
        List<LogRecord> read = [];
        foreach (StoredBatch batch in batches)
        {
            BatchFormat.Verify(batch);
            BatchFormat.Read(batch, new(0), int.MaxValue, read);
        }

        read.Select(record => record.Position.Value).ShouldBe(Enumerable.Range(10, 3_000).Select(i => (long)i));
        read.Select(record => int.Parse(Encoding.UTF8.GetString(record.Payload.Span), null))
            .ShouldBe(Enumerable.Range(0, 3_000));
    }

    private static StoredBatch Join(NewRecord[] records)
    {
        List<StoredBatch> batches = [];
        BatchJoiner.Join(PackedRecords.Pack(records, 1), new(1_000), new Timestamp(123), batches);
        return batches.ShouldHaveSingleItem();
    }

    private static byte[] Payload(Random random)
    {
        byte[] payload = new byte[random.Next(4) == 0 ? 0 : random.Next(1, 300)];
        random.NextBytes(payload);
        return payload;
    }

    // Bit by bit, from the polynomial: slow, and independent of the processor's instruction.
    private static uint Crc32C(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
