using System.Buffers.Binary;
using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Writes numbers in as few bytes as they need: LEB128 varints, times as <see cref="PackedTime"/> says. The buffer is
/// reused.
/// </summary>
internal sealed class PackedWriter
{
    private const int LongestVarint = 10;

    private byte[] _buffer = new byte[1024];
    private int _length;
    private long _lastTime;

    public void Begin() => (_length, _lastTime) = (0, 0);

    /// <summary>What was written since <see cref="Begin"/>; valid until it is called again.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Count(int value) => Varint((ulong)value);

    public void Int64(long value) => Varint(Zigzag(value));

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void Time(Timestamp time)
    {
        if (time == Timestamp.Never)
        {
            Varint(PackedTime.Never);
            return;
        }

        if (time == Timestamp.Beginning)
        {
            Varint(PackedTime.Beginning);
            return;
        }

        ulong difference = Zigzag(unchecked(time.Milliseconds - _lastTime));
        if (difference <= PackedTime.LargestDifference)
        {
            Varint(difference + PackedTime.Differences);
        }
        else
        {
            Varint(PackedTime.Whole);
            UInt64((ulong)time.Milliseconds);
        }

        _lastTime = time.Milliseconds;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Count(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    public void String(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void Value(in RuleValue value)
    {
        Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case RuleValueKind.Number or RuleValueKind.Boolean:
                Number(value.Amount);
                break;
            case RuleValueKind.String:
                String(value.Text);
                break;
            case RuleValueKind.List:
                Count(value.Elements.Length);
                foreach (RuleValue element in value.Elements)
                {
                    Value(element);
                }

                break;
        }
    }

    public void Number(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        int negative = decimal.IsNegative(value) ? 1 : 0;
        bool small = bits[2] == 0;
        Byte((byte)((value.Scale << 2) | (small ? 2 : 0) | negative));
        Varint(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        if (!small)
        {
            Varint((uint)bits[2]);
        }
    }

    private void Varint(ulong value)
    {
        MakeRoom(LongestVarint);
        byte[] buffer = _buffer;
        int next = _length;
        for (; value >= 0x80; value >>= 7)
        {
            buffer[next++] = (byte)(value | 0x80);
        }

        buffer[next++] = (byte)value;
        _length = next;
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private Span<byte> Reserve(int count)
    {
        MakeRoom(count);
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    private void MakeRoom(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }
    }
}
