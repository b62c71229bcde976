using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// Writes an event into the lanes and traits of a customer, and names the features that read what changed.
/// </summary>
internal sealed class TimelineWriter(RuleSet rules, EvaluationFrame frame, ShardLimits limits, IConsentSink? consents)
{
    private const int CachedTraitNames = 1024;

    private readonly long _horizon = (long)rules.Options.DedupeHorizon.TotalMilliseconds;
    private readonly EventDecoder _archiveDecoder = new(limits.Events);
    private readonly CompiledSource[][] _sources =
    [
        .. rules.Lanes.Select(lane => lane.Sources.Select(CompiledSource.Of).ToArray()),
    ];
    private readonly ConsentWriter _consents = new(consents);
    private readonly List<LaneDefinition> _lanes = [];
    private string? _lastName;
    private EventReading? _lastReading;
    private readonly Utf8StringTable _traitNames = new(CachedTraitNames);

    /// <summary>
    /// What the event written last says of consents and could not be read, and why; null when all could.
    /// </summary>
    public string? ConsentMistake { get; private set; }

    /// <summary>Notes the event's message; false if it was seen before.</summary>
    public bool TryRegister(CustomerState customer, EventView view, Timestamp at, Timestamp now)
    {
        if (view.MessageKey == 0)
        {
            return true;
        }

        Timestamp insideWindows = ReadingOf(view.Name).Reach.InsideUntil(at, rules.Calendar);
        return customer.Messages.TryAdd(view.MessageKey, now, Timestamp.Max(now.Plus(_horizon), insideWindows));
    }

    /// <summary>
    /// Adds the features that may have changed. Returns how many entries were given up because a lane was full.
    /// </summary>
    public int Write(CustomerState customer, EventView view, Timestamp at, Timestamp now, IndexSet affected)
    {
        int evicted = 0;
        ConsentMistake = null;
        frame.BeginEvent(customer, view.Body, view.Root);
        foreach (LaneDefinition lane in ReadingOf(view.Name).LanesFor(view, _lanes))
        {
            if (!lane.Reach.Reaches(at, now))
            {
                continue;
            }

            if (lane.ReadsTraits)
            {
                Archive(customer, lane, view, at, now);
            }

            if (TryInsert(customer, lane, view, at))
            {
                evicted += Trim(customer.Lanes[lane.Index]!, lane, now);
                affected.AddAll(rules.FeaturesReading(lane));
            }
        }

        if (view.Type == EventType.Identify)
        {
            WriteTraits(customer, view, at, now, affected);
        }
        else if (ConsentReading.IsConsentEvent(view))
        {
            NoteChanged(customer, _consents.WriteEvent(customer, view, at, now), affected);
            ConsentMistake = _consents.Mistake;
        }

        return evicted;
    }

    // Events of one name come in runs, and a decoder gives recurring names as the same instance.
    private EventReading ReadingOf(string name)
    {
        if (!ReferenceEquals(name, _lastName))
        {
            (_lastName, _lastReading) = (name, rules.ReadingOf(name));
        }

        return _lastReading!;
    }

    private void Archive(CustomerState customer, LaneDefinition lane, EventView view, Timestamp at, Timestamp now)
    {
        if (!customer.Archives.TryGetValue(lane.Index, out EventArchive? archive))
        {
            customer.Archives[lane.Index] = archive = new();
        }

        archive.Insert(at, view.Root.RawUtf8.ToArray());
        archive.Trim(
            lane.Reach.ForEver ? Timestamp.Beginning : now.Minus(lane.Reach.Longest),
            limits.MaxTimelineEntries
        );
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
                frame.BeginEvent(customer, view.Body, view.Root);
                TryInsert(customer, lane, view, at);
            }
        }
    }

    // The frame stands on the event.
    private bool TryInsert(CustomerState customer, LaneDefinition definition, EventView view, Timestamp at)
    {
        if (definition.Content == LaneContent.Steps)
        {
            uint steps = StepsOf(definition, view);
            if (steps != 0)
            {
                LaneOf(customer, definition).InsertSteps(at, steps);
            }

            return steps != 0;
        }

        ref readonly CompiledSource source = ref _sources[definition.Index][0];
        if (source.Where is { } where && !where(frame))
        {
            return false;
        }

        if (source.Path is { } path)
        {
            return path.Flattens
                ? InsertValues(customer, definition, path, view, at)
                : TryInsert(customer, definition, PropertyReader.Find(RootOf(view, path), path), at);
        }

        LaneOf(customer, definition).Insert(at);
        return true;
    }

    private bool TryInsert(CustomerState customer, LaneDefinition definition, JsonCursor property, Timestamp at) =>
        TryInsert(customer, definition, PropertyReader.ToValue(property, frame.Texts), at);

    private static bool TryInsert(CustomerState customer, LaneDefinition definition, in RuleValue value, Timestamp at)
    {
        bool fits = definition.Content == LaneContent.Numbers ? value.Kind == RuleValueKind.Number : !value.IsMissing;
        if (fits)
        {
            LaneOf(customer, definition).Insert(at, value);
        }

        return fits;
    }

    private uint StepsOf(LaneDefinition definition, EventView view)
    {
        uint steps = 0;
        CompiledSource[] sources = _sources[definition.Index];
        for (int i = 0; i < sources.Length; i++)
        {
            ref readonly CompiledSource source = ref sources[i];
            bool fits =
                (source.EventName is null || source.EventName == view.Name)
                && (source.Where is not { } where || where(frame))
                && (source.Path is not { } path || HasValue(view, path));
            steps |= fits ? 1u << i : 0;
        }

        return steps;
    }

    private bool HasValue(EventView view, PropertyPath path)
    {
        List<RuleValue> values = frame.RentList();
        PropertyReader.Collect(RootOf(view, path), path, frame.Texts, values);
        bool found = values.Count > 0;
        frame.Return(values);
        return found;
    }

    private bool InsertValues(
        CustomerState customer,
        LaneDefinition definition,
        PropertyPath path,
        EventView view,
        Timestamp at
    )
    {
        List<RuleValue> values = frame.RentList();
        PropertyReader.Collect(RootOf(view, path), path, frame.Texts, values);
        bool inserted = false;
        foreach (RuleValue value in values)
        {
            inserted |= TryInsert(customer, definition, value, at);
        }

        frame.Return(values);
        return inserted;
    }

    private static JsonCursor RootOf(EventView view, PropertyPath path) =>
        path.Root == PathRoot.Envelope ? view.Root : view.Body;

    private static Lane LaneOf(CustomerState customer, LaneDefinition definition) =>
        customer.Lanes[definition.Index] ??= new(definition.Content);

    private int Trim(Lane lane, LaneDefinition definition, Timestamp now)
    {
        if (!definition.Reach.AllForEver)
        {
            lane.Evict(now.Minus(definition.Reach.Longest), keep: definition.Reach.NewestForEver ? 1 : 0);
        }

        if (lane.Count <= limits.MaxTimelineEntries)
        {
            return 0;
        }

        // Some more than one, so that a full lane is not worked over at every event.
        int surplus = lane.Count - limits.MaxTimelineEntries + (limits.MaxTimelineEntries / 8);
        lane.DropOldest(surplus);
        return surplus;
    }

    private void WriteTraits(CustomerState customer, EventView view, Timestamp at, Timestamp now, IndexSet affected)
    {
        foreach (JsonMember trait in view.Body.EnumerateObject())
        {
            string name = _traitNames.Get(trait.Utf8Name);
            if (name == ConsentTraits.Trait)
            {
                NoteChanged(customer, _consents.WriteTrait(customer, view, trait.Value, at, now), affected);
                ConsentMistake = _consents.Mistake;
            }
            else if (
                !ConsentTraits.IsReserved(name)
                && customer.Traits.Set(name, at, trait.Value.Kind == JsonKind.Null ? default : trait.Value.RawUtf8)
            )
            {
                NoteChanged(customer, name, affected);
            }
        }
    }

    private void NoteChanged(CustomerState customer, IReadOnlyList<string> traits, IndexSet affected)
    {
        for (int i = 0; i < traits.Count; i++)
        {
            NoteChanged(customer, traits[i], affected);
        }
    }

    private void NoteChanged(CustomerState customer, string trait, IndexSet affected)
    {
        affected.AddAll(rules.FeaturesReading(trait));
        foreach (LaneDefinition lane in rules.LanesFilteredBy(trait))
        {
            Refill(customer, lane);
        }
    }

    private readonly record struct CompiledSource(string? EventName, CompiledCondition? Where, PropertyPath? Path)
    {
        public static CompiledSource Of(LaneSource source) =>
            new(source.EventName, source.Where is null ? null : RuleCompiler.Condition(source.Where), source.Path);
    }
}
