using System.Text.Json;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>A segment that a customer is in, and since when.</summary>
public readonly record struct SegmentMembership(SegmentName Segment, Timestamp Since);

/// <summary>What is known of a customer at one instant.</summary>
/// <param name="At">The shard's clock then.</param>
/// <param name="Segments">Ordered by name.</param>
/// <param name="Traits">One JSON object in UTF-8, ordered by name.</param>
public sealed record CustomerSnapshot(
    CustomerId Customer,
    Timestamp At,
    IReadOnlyList<SegmentMembership> Segments,
    ReadOnlyMemory<byte> Traits
)
{
    internal static CustomerSnapshot Of(CustomerState customer, IReadOnlyList<CompiledSlot> slots, Timestamp now)
    {
        using var traits = new MemoryStream();
        using (var writer = new Utf8JsonWriter(traits))
        {
            new CustomerProfile(customer.Traits).WriteTo(writer);
        }

        var segments =
            from slot in slots
            let name = slot.Segment?.Name
            where name is not null && customer.Holding.Contains(slot.Index)
            orderby name
            select new SegmentMembership(name.Value, customer.Segments[slot.Index].Since);
        return new(customer.Id, now, [.. segments], traits.ToArray());
    }
}
