using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// Writes an event into the lanes and traits of a customer, and names the slots that read what changed.
/// </summary>
internal sealed class TimelineWriter(RuleSet rules, EvaluationFrame frame, ShardLimits limits)
{
    private readonly long _horizon = (long)rules.Options.DedupeHorizon.TotalMilliseconds;
    private readonly EventDecoder _archiveDecoder = new(limits.Events);
    private readonly Dictionary<LaneDefinition, CompiledCondition?> _conditions = rules.Lanes.ToDictionary(
        lane => lane,
        lane => lane.Where is null ? null : RuleCompiler.Condition(lane.Where)
    );

    /// <summary>Notes the event's message; false if it was seen before.</summary>
    public bool TryRegister(CustomerState customer, EventView view, Timestamp at, Timestamp now)
    {
        if (view.MessageKey == 0)
        {
            return true;
        }

        customer.Messages.Forget(now);
        long lookback = rules.ReadingOf(view.Name).Lookback;
        Timestamp insideWindows = lookback == long.MaxValue ? Timestamp.Never : at.Plus(lookback - 1);
        return customer.Messages.TryAdd(view.MessageKey, now, Timestamp.Max(now.Plus(_horizon), insideWindows));
    }

    /// <summary>Returns how many entries were given up because a lane was full.</summary>
    public int Write(CustomerState customer, EventView view, Timestamp at, Timestamp now, SlotSet affected)
    {
        int evicted = 0;
        foreach (LaneDefinition lane in rules.ReadingOf(view.Name).Lanes)
        {
            if (!CanMatter(lane, at, now))
            {
                continue;
            }

            if (lane.TraitsInWhere.Count > 0)
            {
                Archive(customer, lane, view, at, now);
            }

            if (TryInsert(customer, lane, view, at))
            {
                evicted += Trim(customer.Lanes[lane.Index]!, lane, now);
                Add(affected, rules.SlotsReading(lane));
            }
        }

        if (view.Type == EventType.Identify)
        {
            WriteTraits(customer, view.Body, at, affected);
        }

        return evicted;
    }

    private static bool CanMatter(LaneDefinition lane, Timestamp at, Timestamp now) =>
        lane.NeedsAllForEver || lane.NeedsNewestForEver || at > now.Minus(lane.Lookback);

    private void Archive(CustomerState customer, LaneDefinition lane, EventView view, Timestamp at, Timestamp now)
    {
        if (!customer.Archives.TryGetValue(lane.Index, out EventArchive? archive))
        {
            customer.Archives[lane.Index] = archive = new();
        }

        archive.Insert(at, view.Root.RawUtf8.ToArray());
        bool forEver = lane.NeedsAllForEver || lane.NeedsNewestForEver;
        archive.Trim(forEver ? Timestamp.Beginning : now.Minus(lane.Lookback), limits.MaxTimelineEntries);
    }

    private void Refill(CustomerState customer, LaneDefinition lane)
    {
        customer.Lanes[lane.Index] = null;
        if (!customer.Archives.TryGetValue(lane.Index, out EventArchive? archive))
        {
            return;
        }

        foreach ((Timestamp at, byte[] json) in archive.Events)
        {
            if (_archiveDecoder.TryDecode(json, out EventView view, out _))
            {
                TryInsert(customer, lane, view, at);
            }
        }
    }

    private bool TryInsert(CustomerState customer, LaneDefinition lane, EventView view, Timestamp at)
    {
        frame.BeginEvent(customer, view.Body, view.Root);
        return (_conditions[lane] is not { } condition || condition(frame)) && InsertValues(customer, lane, view, at);
    }

    private bool InsertValues(CustomerState customer, LaneDefinition definition, EventView view, Timestamp at)
    {
        if (definition.Path is not { } path)
        {
            LaneOf(customer, definition).Insert(at, RuleValue.Missing);
            return true;
        }

        List<RuleValue> values = frame.RentList();
        PropertyReader.Collect(path.Root == Rules.Binding.PathRoot.Envelope ? view.Root : view.Body, path, values);
        bool inserted = false;
        foreach (RuleValue value in values)
        {
            if (definition.Content != LaneContent.Numbers || value.Kind == RuleValueKind.Number)
            {
                LaneOf(customer, definition).Insert(at, value);
                inserted = true;
            }
        }

        frame.Return(values);
        return inserted;
    }

    private static Lane LaneOf(CustomerState customer, LaneDefinition definition) =>
        customer.Lanes[definition.Index] ??= new(definition.Content);

    private int Trim(Lane lane, LaneDefinition definition, Timestamp now)
    {
        if (!definition.NeedsAllForEver)
        {
            lane.Evict(now.Minus(definition.Lookback), keep: definition.NeedsNewestForEver ? 1 : 0);
        }

        int surplus = lane.Count - limits.MaxTimelineEntries;
        if (surplus > 0)
        {
            lane.DropOldest(surplus);
        }

        return Math.Max(0, surplus);
    }

    private void WriteTraits(CustomerState customer, JsonCursor traits, Timestamp at, SlotSet affected)
    {
        foreach (JsonMember trait in traits.EnumerateObject())
        {
            string name = trait.Name;
            byte[]? json = trait.Value.Kind == JsonKind.Null ? null : trait.Value.RawUtf8.ToArray();
            if (customer.Traits.Set(name, at, json))
            {
                Add(affected, rules.SlotsReading(name));
                foreach (LaneDefinition lane in rules.LanesFilteredBy(name))
                {
                    Refill(customer, lane);
                }
            }
        }
    }

    private static void Add(SlotSet set, int[] slots)
    {
        foreach (int slot in slots)
        {
            set.Add(slot);
        }
    }
}
