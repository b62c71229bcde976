namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The bytes of packed residents, side by side in chunks: a million arrays of their own would cost a header each, and
/// those replaced would fill the memory until the next full collection. What is held follows what is stored, in
/// whatever order residents come and go. Sets <see cref="Resident.Block"/>.
/// </summary>
internal sealed class PackedStates
{
    /// <summary>No block has this number.</summary>
    public const int None = -1;

    // A block's number: the index of its size, then its place among the blocks of that size.
    private const int PlaceBits = 24;
    private const int PlaceMask = (1 << PlaceBits) - 1;

    private readonly ChunkStore _chunks = new();
    private readonly BlockShelf?[] _shelves = new BlockShelf?[BlockSize.Count];

    /// <summary>What all chunks take, those with nothing in them included.</summary>
    public long HeldBytes => _chunks.HeldBytes;

    /// <summary>Copies the bytes into a block of the resident's, who has none.</summary>
    public void Add(Resident resident, ReadOnlySpan<byte> state)
    {
        int size = BlockSize.IndexOf(BlockShelf.HeadBytes + state.Length);
        BlockShelf shelf = _shelves[size] ??= new(BlockSize.At(size), _chunks);
        if (shelf.Count > PlaceMask)
        {
            throw new InvalidOperationException(
                "Too many customers are in memory; configure a smaller shards.resident-customers."
            );
        }

        resident.Block = (size << PlaceBits) | shelf.Add(resident, state);
    }

    /// <summary>The bytes of the resident's block; valid until anybody is added or removed.</summary>
    public ReadOnlySpan<byte> Read(Resident resident) => ShelfOf(resident).Read(resident.Block & PlaceMask);

    public void Remove(Resident resident)
    {
        if (ShelfOf(resident).Remove(resident.Block & PlaceMask) is { } moved)
        {
            moved.Block = resident.Block;
        }

        resident.Block = None;
    }

    private BlockShelf ShelfOf(Resident resident) => _shelves[resident.Block >> PlaceBits]!;
}
