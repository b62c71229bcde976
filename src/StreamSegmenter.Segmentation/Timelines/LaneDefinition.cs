using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>What a lane keeps of each event beside its time.</summary>
internal enum LaneContent : byte
{
    Times,

    /// <summary>Numbers, with running sums.</summary>
    Numbers,

    /// <summary>Strings, numbers and booleans as they are.</summary>
    Values,
}

/// <summary>
/// A lane: the events of one source (event, <c>where</c>, path) in order of time, shared by every aggregate of every
/// rule that reads that source.
/// </summary>
internal sealed class LaneDefinition(
    string key,
    string? eventName,
    BoundNode? where,
    PropertyPath? path,
    LaneContent content
)
{
    private static readonly HashSet<string> EmptySet = [];

    /// <summary>The source's canonical text: equal sources share a lane.</summary>
    public string Key { get; } = key;

    /// <summary>Null for any event.</summary>
    public string? EventName { get; } = eventName;

    public BoundNode? Where { get; } = where;

    /// <summary>The traits that <see cref="Where"/> reads: when one changes, the lane is filled anew.</summary>
    public IReadOnlySet<string> TraitsInWhere { get; } = where is null ? EmptySet : Dependencies.Of(where).Traits;

    public PropertyPath? Path { get; } = path;

    public LaneContent Content { get; } = content;

    /// <summary>Its place among all lanes. Set once, when all are known.</summary>
    public int Index { get; set; } = -1;

    /// <summary>
    /// How long an entry can matter, in milliseconds after its time; <see cref="long.MaxValue"/> for ever. The largest
    /// of the windows that read the lane.
    /// </summary>
    public long Lookback { get; private set; }

    /// <summary>Whether aggregates without an end of memory need more than the newest entry.</summary>
    public bool NeedsAllForEver { get; private set; }

    /// <summary>Whether somebody asks for the newest entry however old it is.</summary>
    public bool NeedsNewestForEver { get; private set; }

    public void RequireWindow(long lookback) => Lookback = Math.Max(Lookback, lookback);

    public void RequireAllForEver() => NeedsAllForEver = true;

    public void RequireNewestForEver() => NeedsNewestForEver = true;
}
