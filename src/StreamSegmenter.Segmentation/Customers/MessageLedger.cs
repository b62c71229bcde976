using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The messages of one customer that a duplicate must be recognised of: 64-bit keys of their ids, each with the instant
/// (log time) after which it may be forgotten. Sorted by key.
/// </summary>
internal sealed class MessageLedger
{
    private readonly List<ulong> _keys = [];
    private readonly List<long> _forgetAt = [];
    private long _earliest = long.MaxValue;

    public int Count => _keys.Count;

    /// <summary>Notes the message; false if it is remembered already.</summary>
    public bool TryAdd(ulong key, Timestamp now, Timestamp forgetAt)
    {
        int index = _keys.BinarySearch(key);
        if (index >= 0 && _forgetAt[index] >= now.Milliseconds)
        {
            return false;
        }

        if (index >= 0)
        {
            _forgetAt[index] = forgetAt.Milliseconds;
        }
        else
        {
            _keys.Insert(~index, key);
            _forgetAt.Insert(~index, forgetAt.Milliseconds);
        }

        _earliest = Math.Min(_earliest, forgetAt.Milliseconds);
        return true;
    }

    /// <summary>Drops what may be forgotten before <paramref name="now"/>.</summary>
    public void Forget(Timestamp now)
    {
        if (_earliest >= now.Milliseconds)
        {
            return;
        }

        int kept = 0;
        _earliest = long.MaxValue;
        for (int i = 0; i < _keys.Count; i++)
        {
            if (_forgetAt[i] >= now.Milliseconds)
            {
                (_keys[kept], _forgetAt[kept]) = (_keys[i], _forgetAt[i]);
                _earliest = Math.Min(_earliest, _forgetAt[i]);
                kept++;
            }
        }

        _keys.RemoveRange(kept, _keys.Count - kept);
        _forgetAt.RemoveRange(kept, _forgetAt.Count - kept);
    }

    public (ulong Key, Timestamp ForgetAt) this[int index] => (_keys[index], new(_forgetAt[index]));

    public void EnsureCapacity(int capacity)
    {
        _keys.EnsureCapacity(capacity);
        _forgetAt.EnsureCapacity(capacity);
    }

    /// <summary>Adds an entry with a key above all others: for reading back what was stored.</summary>
    public void Append(ulong key, Timestamp forgetAt)
    {
        _keys.Add(key);
        _forgetAt.Add(forgetAt.Milliseconds);
        _earliest = Math.Min(_earliest, forgetAt.Milliseconds);
    }
}
