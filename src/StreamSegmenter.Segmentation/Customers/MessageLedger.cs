using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The messages of one customer that a duplicate must be recognised of: 64-bit keys of their ids, each with the instant
/// (log time) after which it may be forgotten. A hash table with linear probing: the keys are hashes already. What may
/// be forgotten goes when the table is full, so that each message costs constant time, amortised. A part of the
/// customer's state, and a struct to lie within it: it is not to be copied.
/// </summary>
internal struct MessageLedger
{
    private const int SmallestCapacity = 4;

    // A key of 0 marks a free slot. The capacity is a power of two, of which no more than three quarters are in use.
    private (ulong Key, Timestamp ForgetAt)[] _slots = [];
    private int _used;

    // Of the capacity, so that a key's slot is found without a look at the array's head.
    private int _bits;
    private Timestamp _now = Timestamp.Beginning;

    public MessageLedger() { }

    /// <summary>Notes the message; false if it is remembered already.</summary>
    /// <param name="key">Not 0.</param>
    /// <param name="now">Never goes back from call to call.</param>
    public bool TryAdd(ulong key, Timestamp now, Timestamp forgetAt)
    {
        _now = now;
        if (4 * (_used + 1) > 3 * Capacity)
        {
            MakeRoom();
        }

        ref (ulong Key, Timestamp ForgetAt) slot = ref SlotOf(key);
        if (slot.Key == key && slot.ForgetAt >= now)
        {
            return false;
        }

        _used += slot.Key == key ? 0 : 1;
        slot = (key, forgetAt);
        return true;
    }

    /// <summary>Puts back what <see cref="CopyTo"/> gave.</summary>
    public void Restore(ulong key, Timestamp forgetAt) => TryAdd(key, _now, forgetAt);

    /// <summary>Replaces the lists' content by what must still be remembered, ordered by key.</summary>
    public readonly void CopyTo(List<ulong> keys, List<Timestamp> forgetAt)
    {
        keys.Clear();
        forgetAt.Clear();

        // The first slots may hold what found no room in the last ones.
        int begin = 0;
        while (begin < _slots.Length && _slots[begin].Key != 0 && HomeOf(_slots[begin].Key) > begin)
        {
            begin++;
        }

        Collect(keys, forgetAt, _slots.AsSpan(begin));
        Collect(keys, forgetAt, _slots.AsSpan(0, begin));
        Sort(CollectionsMarshal.AsSpan(keys), CollectionsMarshal.AsSpan(forgetAt));
    }

    public void EnsureCapacity(int messages)
    {
        if (4 * messages > 3 * Capacity)
        {
            Rebuild(messages);
        }
    }

    private readonly int Capacity => _bits == 0 ? 0 : 1 << _bits;

    private readonly void Collect(
        List<ulong> keys,
        List<Timestamp> forgetAt,
        Span<(ulong Key, Timestamp ForgetAt)> slots
    )
    {
        foreach ((ulong Key, Timestamp ForgetAt) slot in slots)
        {
            if (slot.Key != 0 && slot.ForgetAt >= _now)
            {
                keys.Add(slot.Key);
                forgetAt.Add(slot.ForgetAt);
            }
        }
    }

    // By insertion: each key is at most as many places off as there are others in a row of used slots.
    private static void Sort(Span<ulong> keys, Span<Timestamp> forgetAt)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            ulong key = keys[i];
            if (keys[i - 1] <= key)
            {
                continue;
            }

            Timestamp time = forgetAt[i];
            int to = i;
            for (; to > 0 && keys[to - 1] > key; to--)
            {
                keys[to] = keys[to - 1];
                forgetAt[to] = forgetAt[to - 1];
            }

            (keys[to], forgetAt[to]) = (key, time);
        }
    }

    private void MakeRoom()
    {
        int remembered = 0;
        foreach ((ulong key, Timestamp forgetAt) in _slots)
        {
            remembered += key != 0 && forgetAt >= _now ? 1 : 0;
        }

        // Room for as many again, or half of it: forgetting must not come back at once.
        Rebuild(remembered + Math.Max(1, remembered / 2));
    }

    // Messages that come now more and now less often change nothing: only what shrank to a quarter gives room back.
    private void Rebuild(int messages)
    {
        int length = Capacity;
        int capacity = CapacityFor(messages);
        capacity = capacity < length && 4 * capacity > length ? length : capacity;
        (ulong Key, Timestamp ForgetAt)[] old = _slots;
        if (capacity != length)
        {
            _slots = new (ulong Key, Timestamp ForgetAt)[capacity];
            _bits = BitOperations.Log2((uint)capacity);
            Take(old.AsSpan());
            return;
        }

        old = ArrayPool<(ulong Key, Timestamp ForgetAt)>.Shared.Rent(length);
        _slots.CopyTo(old, 0);
        Array.Clear(_slots);
        Take(old.AsSpan(0, length));
        ArrayPool<(ulong Key, Timestamp ForgetAt)>.Shared.Return(old);
    }

    private void Take(ReadOnlySpan<(ulong Key, Timestamp ForgetAt)> old)
    {
        _used = 0;
        foreach ((ulong Key, Timestamp ForgetAt) slot in old)
        {
            if (slot.Key != 0 && slot.ForgetAt >= _now)
            {
                SlotOf(slot.Key) = slot;
                _used++;
            }
        }
    }

    private static int CapacityFor(int messages)
    {
        int capacity = SmallestCapacity;
        while (4 * messages > 3 * capacity)
        {
            capacity *= 2;
        }

        return capacity;
    }

    // The key's slot, or the free one where it belongs.
    private readonly ref (ulong Key, Timestamp ForgetAt) SlotOf(ulong key)
    {
        int mask = (1 << _bits) - 1;
        int index = HomeOf(key);
        while (_slots[index].Key != 0 && _slots[index].Key != key)
        {
            index = (index + 1) & mask;
        }

        return ref _slots[index];
    }

    // By the key's highest bits, so that the slots are almost in the order of keys.
    private readonly int HomeOf(ulong key) => (int)(key >> (64 - _bits));
}
