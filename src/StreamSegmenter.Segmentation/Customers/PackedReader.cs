using System.Buffers.Binary;
using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Reads what <see cref="PackedWriter"/> wrote. Bytes that it cannot have written throw
/// <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct PackedReader(ReadOnlySpan<byte> packed)
{
    private const int DeepestList = 64;

    private ReadOnlySpan<byte> _rest = packed;
    private long _lastTime;

    public byte Byte() => Take(1)[0];

    public int Count()
    {
        ulong value = Varint();
        return value <= int.MaxValue ? (int)value : throw Corrupt("a count is too large");
    }

    /// <summary>A number of things that follow: each takes a byte at least, so no more than there are bytes.</summary>
    public int Items()
    {
        int count = Count();
        return count <= _rest.Length ? count : throw Corrupt("it ends too early");
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw Corrupt("something follows its end");
        }
    }

    public int Index(int limit) => Checked(Count(), limit);

    public static int Checked(int index, int limit) =>
        (uint)index < (uint)limit ? index : throw Corrupt("an index is out of range");

    public long Int64() => Unzigzag(Varint());

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public Timestamp Time()
    {
        ulong code = Varint();
        switch (code)
        {
            case PackedTime.Never:
                return Timestamp.Never;
            case PackedTime.Beginning:
                return Timestamp.Beginning;
            case PackedTime.Whole:
                _lastTime = (long)UInt64();
                break;
            default:
                _lastTime = unchecked(_lastTime + Unzigzag(code - PackedTime.Differences));
                break;
        }

        return new(_lastTime);
    }

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string String() => Encoding.UTF8.GetString(Bytes());

    public RuleValue Value(int depth = 0)
    {
        var kind = (RuleValueKind)Byte();
        switch (kind)
        {
            case RuleValueKind.Missing:
                return RuleValue.Missing;
            case RuleValueKind.Object:
                return RuleValue.Present;
            case RuleValueKind.Number:
                return RuleValue.Number(Number());
            case RuleValueKind.Boolean:
                return RuleValue.Boolean(Number() != 0);
            case RuleValueKind.String:
                return RuleValue.String(String());
            case RuleValueKind.List when depth < DeepestList:
                var elements = new RuleValue[Items()];
                for (int i = 0; i < elements.Length; i++)
                {
                    elements[i] = Value(depth + 1);
                }

                return RuleValue.List(elements);
            default:
                throw Corrupt($"there is no value of kind {kind}");
        }
    }

    public decimal Number()
    {
        byte head = Byte();
        ulong low = Varint();
        uint high = (head & 2) != 0 ? 0 : (uint)Varint();
        int scale = head >> 2;
        return scale <= 28
            ? new decimal((int)(uint)low, (int)(uint)(low >> 32), (int)high, (head & 1) != 0, (byte)scale)
            : throw Corrupt("a number has too many decimals");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Corrupt("a number does not end");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Corrupt("it ends too early");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static InvalidDataException Corrupt(string what) => new($"A stored customer cannot be read: {what}.");
}
