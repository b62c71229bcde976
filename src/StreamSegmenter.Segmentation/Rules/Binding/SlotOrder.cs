namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Puts slots into an order in which each comes after those it reads.</summary>
internal sealed class SlotOrder
{
    private readonly List<SlotDefinition> _ordered = [];
    private readonly HashSet<SlotDefinition> _done = [];
    private readonly List<SlotDefinition> _path = [];

    /// <summary>Sets every slot's index. Slots that do not depend on each other are ordered by key.</summary>
    /// <exception cref="RuleException">Segments read each other in a circle.</exception>
    public static IReadOnlyList<SlotDefinition> Arrange(IEnumerable<SlotDefinition> slots)
    {
        var order = new SlotOrder();
        foreach (SlotDefinition slot in slots.OrderBy(slot => slot.Key, StringComparer.Ordinal))
        {
            order.Visit(slot);
        }

        return order._ordered;
    }

    private void Visit(SlotDefinition slot)
    {
        if (_done.Contains(slot))
        {
            return;
        }

        int earlier = _path.IndexOf(slot);
        if (earlier >= 0)
        {
            string[] circle = [.. _path.Skip(earlier).OfType<SegmentSlot>().Select(s => s.Name)];
            throw new RuleException(
                new(0, 1, 1),
                $"segments read each other in a circle: {string.Join(" → ", [.. circle, circle[0]])}; "
                    + "one of them must do without in(...).",
                new(circle[0])
            );
        }

        _path.Add(slot);
        foreach (
            SlotDefinition read in Dependencies.Of(slot.Condition).Slots.OrderBy(s => s.Key, StringComparer.Ordinal)
        )
        {
            Visit(read);
        }

        _path.RemoveAt(_path.Count - 1);
        _done.Add(slot);
        slot.Index = _ordered.Count;
        _ordered.Add(slot);
    }
}
