using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Gives the same string for the same UTF-8 again, so that names which recur are allocated once. Bounded: a newcomer
/// takes the place of the oldest of the four that its hash allows. Not thread-safe.
/// </summary>
internal sealed class Utf8StringTable
{
    private const int Ways = 4;
    private const int MaxCompareLength = 1024;

    private readonly Slot[] _slots;
    private readonly ulong _setMask;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">How many strings it keeps: a power of two, at least four.</param>
    public Utf8StringTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Ways);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity & (capacity - 1), 0, nameof(capacity));
        _slots = new Slot[capacity];
        _setMask = (ulong)(capacity / Ways) - 1;
    }

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxCompareLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ulong hash = XxHash64.Hash(utf8);
        Span<Slot> set = _slots.AsSpan((int)(hash & _setMask) * Ways, Ways);
        foreach (ref readonly Slot slot in set)
        {
            if (slot.Hash == hash && slot.Value is { } value && IsSame(value, utf8))
            {
                return value;
            }
        }

        set[..^1].CopyTo(set[1..]);
        set[0] = new Slot(hash, Encoding.UTF8.GetString(utf8));
        return set[0].Value!;
    }

    private static bool IsSame(string value, ReadOnlySpan<byte> utf8)
    {
        if (Ascii.Equals(utf8, value))
        {
            return true;
        }

        Span<byte> encoded = stackalloc byte[MaxCompareLength];
        return Encoding.UTF8.TryGetBytes(value, encoded, out int length) && encoded[..length].SequenceEqual(utf8);
    }

    private readonly record struct Slot(ulong Hash, string? Value);
}
