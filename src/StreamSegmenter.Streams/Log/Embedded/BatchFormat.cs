using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// The bytes of a batch: a version byte, a CRC-32C (little-endian) and the records one after another, each as
/// (length of key, key, length of payload, payload) with lengths as LEB128. The checksum covers the records and the
/// place they were written for, so that a row that strayed is noticed like one that rotted.
/// </summary>
internal static class BatchFormat
{
    public const byte Version = 1;
    public const int HeaderBytes = 1 + sizeof(uint);

    private const int LengthBytesMax = 5;

    /// <summary>An upper bound of what <see cref="Write"/> takes for a record.</summary>
    public static int MaxBytes(in NewRecord record) =>
        (2 * LengthBytesMax) + Encoding.UTF8.GetMaxByteCount(record.Customer.Value.Length) + record.Payload.Length;

    /// <summary>Writes one record and returns its size. The key is written already.</summary>
    public static int Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        int written = WriteLength(key.Length, destination);
        key.CopyTo(destination[written..]);
        written += key.Length;
        written += WriteLength(payload.Length, destination[written..]);
        payload.CopyTo(destination[written..]);
        return written + payload.Length;
    }

    /// <summary>Fills in the header of a batch whose records are in place.</summary>
    public static void Seal(StoredBatch batch)
    {
        batch.Bytes.Span[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(batch.Bytes.Span[1..], Checksum(batch));
    }

    /// <summary>Checks version and checksum.</summary>
    /// <exception cref="LogCorruptException">The bytes are not those of this batch.</exception>
    public static void Verify(StoredBatch batch)
    {
        ReadOnlySpan<byte> bytes = batch.Bytes.Span;
        if (bytes.Length < HeaderBytes)
        {
            throw Corrupt(batch, "the batch has no header");
        }

        if (bytes[0] != Version)
        {
            throw Corrupt(batch, $"format version {bytes[0]} is not known (known: {Version})");
        }

        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
        uint actual = Checksum(batch);
        if (stored != actual)
        {
            throw Corrupt(batch, $"checksum {actual:x8} where {stored:x8} was written");
        }
    }

    /// <summary>
    /// Adds the records from <paramref name="from"/> on, up to <paramref name="max"/> records in all.
    /// </summary>
    public static void Read(StoredBatch batch, LogPosition from, int max, List<LogRecord> into)
    {
        ReadOnlySpan<byte> bytes = batch.Bytes.Span;
        int offset = HeaderBytes;
        for (long position = batch.First.Value; position < batch.End.Value && into.Count < max; position++)
        {
            int keyLength = ReadLength(bytes, ref offset);
            int key = offset;
            offset += keyLength;
            int payloadLength = ReadLength(bytes, ref offset);
            if (position >= from.Value)
            {
                CustomerId customer = new(Encoding.UTF8.GetString(bytes.Slice(key, keyLength)));
                into.Add(new(new(position), batch.LogTime, customer, batch.Bytes.Slice(offset, payloadLength)));
            }

            offset += payloadLength;
        }
    }

    private static uint Checksum(StoredBatch batch)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)BatchKey.Of(batch.Partition, batch.First));
        crc = BitOperations.Crc32C(crc, (ulong)batch.LogTime.Milliseconds);
        crc = BitOperations.Crc32C(crc, (uint)batch.Count);
        ReadOnlySpan<byte> records = batch.Bytes.Span[HeaderBytes..];
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(records))
        {
            crc = BitOperations.Crc32C(
                crc,
                BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)
            );
        }

        foreach (byte rest in records[(records.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }

    private static int WriteLength(int length, Span<byte> destination)
    {
        int written = 0;
        uint rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
        {
            destination[written++] = (byte)(rest | 0x80);
        }

        destination[written++] = (byte)rest;
        return written;
    }

    private static int ReadLength(ReadOnlySpan<byte> bytes, ref int offset)
    {
        uint length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[offset++];
            length |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (int)length;
            }
        }
    }

    private static LogCorruptException Corrupt(StoredBatch batch, string fault) =>
        new(batch.Partition, batch.First, fault);
}
