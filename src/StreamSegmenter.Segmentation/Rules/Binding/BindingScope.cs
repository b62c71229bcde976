using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>What all rules of a set share: segments, held conditions and lanes, each once.</summary>
internal sealed class BindingScope
{
    private readonly Dictionary<string, SegmentSlot> _segments;
    private readonly Dictionary<string, HeldSlot> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LaneDefinition> _lanes = new(StringComparer.Ordinal);

    public BindingScope(IEnumerable<string> segments) =>
        _segments = segments.ToDictionary(name => name, name => new SegmentSlot(name), StringComparer.Ordinal);

    private readonly Dictionary<object, MemoryDefinition> _memories = [];

    public IReadOnlyCollection<LaneDefinition> Lanes => _lanes.Values;

    public int MemoryCount => _memories.Count;

    public IReadOnlyCollection<HeldSlot> Held => _held.Values;

    public SegmentSlot Segment(string name) => _segments[name];

    public SegmentSlot ResolveSegment(string name, SourcePlace place) =>
        _segments.TryGetValue(name, out SegmentSlot? slot)
            ? slot
            : throw new RuleException(place, $"there is no segment \"{name}\".{NearMiss.Hint(name, _segments.Keys)}");

    public HeldSlot AddHeld(string condition, long milliseconds, BoundNode bound)
    {
        var slot = new HeldSlot(condition, milliseconds);
        if (_held.TryGetValue(slot.Key, out HeldSlot? existing))
        {
            return existing;
        }

        slot.Condition = bound;
        return _held[slot.Key] = slot;
    }

    public LaneDefinition GetOrAddLane(string key, Func<string, LaneDefinition> create)
    {
        if (!_lanes.TryGetValue(key, out LaneDefinition? lane))
        {
            _lanes[key] = lane = create(key);
        }

        return lane;
    }

    /// <param name="key">Equal for what remembers the same.</param>
    public MemoryDefinition GetOrAddMemory(object key, Func<CalendarPeriods, LaneMemory> create)
    {
        if (!_memories.TryGetValue(key, out MemoryDefinition? memory))
        {
            _memories[key] = memory = new(_memories.Count, create);
        }

        return memory;
    }
}
