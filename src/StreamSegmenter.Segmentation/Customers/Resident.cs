using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// A customer in memory: unpacked while it is worked on (hot), otherwise packed into a few hundred bytes (warm). There
/// may be a million of them: a field more costs eight megabytes.
/// </summary>
internal sealed class Resident(CustomerId id)
{
    public CustomerId Id { get; } = id;

    /// <summary>Null while packed.</summary>
    public CustomerState? State { get; set; }

    /// <summary>When time alone next changes something.</summary>
    public Timestamp NextDue { get; set; } = Timestamp.Never;

    /// <summary>Where the packed state is, or <see cref="PackedStates.None"/> while unpacked.</summary>
    public int Block { get; set; } = PackedStates.None;

    /// <summary>The place in the <see cref="DueQueue"/>, which alone sets it.</summary>
    public int DuePlace { get; set; } = DueQueue.Nowhere;

    /// <summary>Changed since the last checkpoint.</summary>
    public bool Changed { get; set; }

    /// <summary>Used since the clock's hand passed.</summary>
    public bool Used { get; set; }
}
