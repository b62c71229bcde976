using System.Buffers.Binary;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Blocks of one size without a gap: when one is removed, the last one moves into its place. Each begins with the
/// length of what is in it.
/// </summary>
internal sealed class BlockShelf(int blockSize, ChunkStore store)
{
    /// <summary>What a block needs beside its content.</summary>
    public const int HeadBytes = sizeof(int);

    private readonly int _slots = blockSize == BlockSize.Any ? 1 : ChunkStore.ChunkBytes / blockSize;
    private readonly List<Chunk> _chunks = [];

    /// <summary>How many blocks there are; their places begin at 0.</summary>
    public int Count { get; private set; }

    /// <summary>Returns the place.</summary>
    public int Add(Resident owner, ReadOnlySpan<byte> content)
    {
        if (Count == _chunks.Count * _slots)
        {
            int bytes = blockSize == BlockSize.Any ? HeadBytes + content.Length : ChunkStore.ChunkBytes;
            _chunks.Add(store.Take(bytes, _slots));
        }

        int place = Count++;
        _chunks[place / _slots].Owners[place % _slots] = owner;
        Span<byte> block = BlockAt(place);
        BinaryPrimitives.WriteInt32LittleEndian(block, content.Length);
        content.CopyTo(block[HeadBytes..]);
        return place;
    }

    public ReadOnlySpan<byte> Read(int place)
    {
        ReadOnlySpan<byte> block = BlockAt(place);
        return block.Slice(HeadBytes, BinaryPrimitives.ReadInt32LittleEndian(block));
    }

    /// <summary>Returns the owner of the block that moved there; null if none had to.</summary>
    public Resident? Remove(int place)
    {
        int last = --Count;
        Resident? moved = place == last ? null : MoveTo(place, last);
        _chunks[last / _slots].Owners[last % _slots] = null;
        if (last % _slots == 0)
        {
            store.GiveBack(_chunks[^1]);
            _chunks.RemoveAt(_chunks.Count - 1);
        }

        return moved;
    }

    private Resident? MoveTo(int place, int last)
    {
        if (_slots == 1)
        {
            (_chunks[place], _chunks[last]) = (_chunks[last], _chunks[place]);
            return _chunks[place].Owners[0];
        }

        BlockAt(last).CopyTo(BlockAt(place));
        return _chunks[place / _slots].Owners[place % _slots] = _chunks[last / _slots].Owners[last % _slots];
    }

    private Span<byte> BlockAt(int place)
    {
        byte[] bytes = _chunks[place / _slots].Bytes;
        return blockSize == BlockSize.Any ? bytes : bytes.AsSpan(place % _slots * blockSize, blockSize);
    }
}
