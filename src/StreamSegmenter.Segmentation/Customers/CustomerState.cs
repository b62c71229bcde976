using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// All that is known of one customer, unpacked for work. Lanes, features and slots are addressed by their index in the
/// rule set. Owned by one shard; not thread-safe.
/// </summary>
/// <param name="bands">The band of each feature to begin with; becomes this customer's own.</param>
internal sealed class CustomerState(CustomerId id, int laneCount, int memoryCount, ushort[] bands, int slotCount)
{
    private MessageLedger _messages = new();
    private Agenda _agenda = new();

    public CustomerId Id { get; } = id;

    public Lane?[] Lanes { get; } = new Lane?[laneCount];

    /// <summary>Work that need not be done again; never stored.</summary>
    public LaneMemory?[] Memories { get; } = new LaneMemory?[memoryCount];

    /// <summary>In which band each feature's value was when it was last looked at.</summary>
    public ushort[] Bands { get; } = bands;

    /// <summary>The events behind lanes whose <c>where</c> reads traits, by lane.</summary>
    public SortedList<int, EventArchive> Archives { get; } = [];

    public TraitSet Traits { get; } = new();

    public ref MessageLedger Messages => ref _messages;

    /// <summary>The slots whose condition holds.</summary>
    public IndexSet Holding { get; } = new(slotCount);

    /// <summary>When each feature's band, and each held slot, may next change by time alone; by node.</summary>
    public ref Agenda Agenda => ref _agenda;

    /// <summary>Since when the conditions of held slots have been true.</summary>
    public SortedList<int, Timestamp> TrueSince { get; } = [];

    /// <summary>What happened at the borders of the segments this customer ever crossed, by slot.</summary>
    public SortedList<int, SegmentHistory> Segments { get; } = [];
}

/// <summary>A customer's past with one segment.</summary>
/// <param name="Transitions">How many there were.</param>
/// <param name="Since">When the last one was.</param>
/// <param name="LastEnterPush">When an enter last caused pushes; for the cooldown.</param>
internal readonly record struct SegmentHistory(long Transitions, Timestamp Since, Timestamp LastEnterPush);
