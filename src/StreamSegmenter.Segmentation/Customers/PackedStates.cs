using System.Buffers.Binary;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The bytes of packed customers, in chunks of blocks of one size each: a million arrays of their own would cost a
/// header each, and those replaced would fill the memory until the next full collection. A chunk whose blocks are all
/// free goes back, except the last of its size, so that what is held follows what is stored.
/// </summary>
internal sealed class PackedStates
{
    /// <summary>No block has this number.</summary>
    public const int None = -1;

    private const int ChunkBytes = 64 * 1024;
    private const int SlotBits = 12;
    private const int SlotMask = (1 << SlotBits) - 1;
    private const int MaxChunks = 1 << (31 - SlotBits);
    private const int LengthBytes = sizeof(int);

    // Sizes in small steps up to a thousand bytes, in larger ones up to eight thousand; beyond, a chunk for each.
    private const int SmallStep = 16;
    private const int LargestSmall = 1024;
    private const int LargeStep = 128;
    private const int LargestLarge = 8192;
    private const int Sizes = (LargestSmall / SmallStep) + ((LargestLarge - LargestSmall) / LargeStep) + 1;

    // Arrays of chunks given back, for the next ones: as customers grow, so do the sizes that they need.
    private const int MaxSpare = 64;

    private readonly List<Chunk?> _chunks = [];
    private readonly Stack<byte[]> _spare = new();
    private readonly Stack<int> _unused = new();

    // Per size, the first of its chunks with a free block.
    private readonly Chunk?[] _open = new Chunk?[Sizes];

    /// <summary>What all chunks take, free blocks and spare chunks included.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Copies the bytes into a block and returns its number.</summary>
    public int Add(ReadOnlySpan<byte> state)
    {
        int size = RoundUp(state.Length + LengthBytes);
        Chunk chunk = size <= LargestLarge ? _open[IndexOf(size)] ?? Open(size) : Allocate(size, size);
        int slot = chunk.Take();
        if (chunk.IsFull)
        {
            Unlink(chunk);
        }

        Span<byte> block = chunk.Block(slot);
        BinaryPrimitives.WriteInt32LittleEndian(block, state.Length);
        state.CopyTo(block[LengthBytes..]);
        return (chunk.Index << SlotBits) | slot;
    }

    /// <summary>The bytes of the block; valid until it is removed.</summary>
    public ReadOnlySpan<byte> Read(int block)
    {
        ReadOnlySpan<byte> bytes = _chunks[block >> SlotBits]!.Block(block & SlotMask);
        return bytes.Slice(LengthBytes, BinaryPrimitives.ReadInt32LittleEndian(bytes));
    }

    public void Remove(int block)
    {
        Chunk chunk = _chunks[block >> SlotBits]!;
        if (chunk.IsFull && chunk.BlockSize <= LargestLarge)
        {
            Link(chunk);
        }

        chunk.Release(block & SlotMask);
        if (chunk.IsEmpty && !IsLastOpen(chunk))
        {
            Unlink(chunk);
            _chunks[chunk.Index] = null;
            _unused.Push(chunk.Index);
            GiveBack(chunk.Bytes);
        }
    }

    // Kept, so that a customer who comes and goes alone in his size allocates nothing.
    private bool IsLastOpen(Chunk chunk) =>
        chunk.BlockSize <= LargestLarge && _open[IndexOf(chunk.BlockSize)] == chunk && chunk.Next is null;

    private static int RoundUp(int size) =>
        size <= LargestSmall ? (size + SmallStep - 1) / SmallStep * SmallStep
        : size <= LargestLarge ? (size + LargeStep - 1) / LargeStep * LargeStep
        : size;

    private static int IndexOf(int size) =>
        size <= LargestSmall ? size / SmallStep : (LargestSmall / SmallStep) + ((size - LargestSmall) / LargeStep);

    private Chunk Open(int size)
    {
        Chunk chunk = Allocate(ChunkBytes, size);
        Link(chunk);
        return chunk;
    }

    private Chunk Allocate(int bytes, int blockSize)
    {
        if (!_unused.TryPop(out int index))
        {
            index = _chunks.Count;
            _chunks.Add(null);
        }

        if (index >= MaxChunks)
        {
            throw new InvalidOperationException(
                "Too many customers are in memory; configure a smaller shards.resident-customers."
            );
        }

        var chunk = new Chunk(index, Take(bytes), blockSize);
        _chunks[index] = chunk;
        return chunk;
    }

    private byte[] Take(int bytes)
    {
        if (bytes == ChunkBytes && _spare.TryPop(out byte[]? spare))
        {
            return spare;
        }

        // Pinned arrays live apart from the rest and are never moved, nor do they hasten the collection of the rest.
        HeldBytes += bytes;
        return GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    }

    private void GiveBack(byte[] bytes)
    {
        if (bytes.Length == ChunkBytes && _spare.Count < MaxSpare)
        {
            _spare.Push(bytes);
        }
        else
        {
            HeldBytes -= bytes.Length;
        }
    }

    private void Link(Chunk chunk)
    {
        ref Chunk? first = ref _open[IndexOf(chunk.BlockSize)];
        chunk.Next = first;
        if (first is not null)
        {
            first.Previous = chunk;
        }

        first = chunk;
    }

    private void Unlink(Chunk chunk)
    {
        if (chunk.Previous is not null)
        {
            chunk.Previous.Next = chunk.Next;
        }
        else if (chunk.BlockSize <= LargestLarge)
        {
            _open[IndexOf(chunk.BlockSize)] = chunk.Next;
        }

        if (chunk.Next is not null)
        {
            chunk.Next.Previous = chunk.Previous;
        }

        (chunk.Previous, chunk.Next) = (null, null);
    }

    /// <summary>Blocks of one size. Each free one holds the number of the next in its first bytes.</summary>
    private sealed class Chunk(int index, byte[] bytes, int blockSize)
    {
        private readonly int _slots = bytes.Length / blockSize;
        private int _fresh;
        private int _free = None;
        private int _used;

        public int Index { get; } = index;

        public byte[] Bytes { get; } = bytes;

        public int BlockSize { get; } = blockSize;

        public Chunk? Previous { get; set; }

        public Chunk? Next { get; set; }

        public bool IsFull => _used == _slots;

        public bool IsEmpty => _used == 0;

        public Span<byte> Block(int slot) => Bytes.AsSpan(slot * BlockSize, BlockSize);

        public int Take()
        {
            _used++;
            if (_free == None)
            {
                return _fresh++;
            }

            int slot = _free;
            _free = BinaryPrimitives.ReadInt32LittleEndian(Block(slot));
            return slot;
        }

        public void Release(int slot)
        {
            _used--;
            BinaryPrimitives.WriteInt32LittleEndian(Block(slot), _free);
            _free = slot;
        }
    }
}
