namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Where chunks come from and go to. Some that were given back are kept for the next who asks: as customers grow, so do
/// the sizes that they need.
/// </summary>
internal sealed class ChunkStore
{
    /// <summary>As large as all chunks but those of a single large block.</summary>
    public const int ChunkBytes = 64 * 1024;

    private const int FewestSpare = 64;

    // Of so many held, one may be spare.
    private const int HeldPerSpare = 16;

    private readonly Stack<Chunk> _spare = new();

    /// <summary>What chunks in use and spare ones take.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>A chunk with room for the owners of so many blocks.</summary>
    public Chunk Take(int bytes, int slots)
    {
        if (bytes != ChunkBytes || !_spare.TryPop(out Chunk? chunk))
        {
            HeldBytes += bytes;
            chunk = new(bytes);
        }

        chunk.MakeRoom(slots);
        return chunk;
    }

    public void GiveBack(Chunk chunk)
    {
        if (chunk.Bytes.Length != ChunkBytes)
        {
            HeldBytes -= chunk.Bytes.Length;
            return;
        }

        _spare.Push(chunk);
        while (_spare.Count > Math.Max(FewestSpare, HeldBytes / ChunkBytes / HeldPerSpare))
        {
            _spare.Pop();
            HeldBytes -= ChunkBytes;
        }
    }
}

/// <summary>The bytes of blocks, and whose they are.</summary>
internal sealed class Chunk(int bytes)
{
    // Pinned arrays live apart from the rest and are never moved, nor do they hasten the collection of the rest.
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    /// <summary>By slot; null where no block is.</summary>
    public Resident?[] Owners { get; private set; } = [];

    public void MakeRoom(int slots)
    {
        if (Owners.Length < slots)
        {
            Owners = new Resident?[slots];
        }
    }
}
