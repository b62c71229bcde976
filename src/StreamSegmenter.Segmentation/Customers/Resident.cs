using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// A customer in memory: unpacked while it is worked on (hot), otherwise packed into a few hundred bytes (warm).
/// </summary>
internal sealed class Resident(CustomerId id)
{
    public CustomerId Id { get; } = id;

    /// <summary>Null while packed.</summary>
    public CustomerState? State { get; set; }

    /// <summary>Where the packed state is, or <see cref="PackedStates.None"/> while unpacked.</summary>
    public int Block { get; set; } = PackedStates.None;

    /// <summary>When time alone next changes something.</summary>
    public Timestamp NextDue { get; set; } = Timestamp.Never;

    /// <summary>The instant under which it stands in the due queue, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp QueuedFor { get; set; } = Timestamp.Never;

    /// <summary>Changed since the last checkpoint.</summary>
    public bool Changed { get; set; }

    /// <summary>Used since the clock's hand passed.</summary>
    public bool Used { get; set; }

    /// <summary>No longer in memory.</summary>
    public bool Dropped { get; set; }
}
