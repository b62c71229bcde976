using System.Collections.Frozen;
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

    /// <summary>For a sequence: which of its steps the event fits.</summary>
    Steps,
}

/// <summary>Which events a lane takes.</summary>
/// <param name="Text">In the language of rules.</param>
/// <param name="EventName">Null for any event.</param>
/// <param name="Path">What must be there, and is kept if the lane keeps values.</param>
internal sealed record LaneSource(string Text, string? EventName, BoundNode? Where, PropertyPath? Path)
{
    public bool Admits(string eventName) => EventName is null || EventName == eventName;
}

/// <summary>
/// A lane: the events of one source (event, <c>where</c>, path) in order of time, shared by every aggregate of every
/// rule that reads that source; or those of all steps of a sequence.
/// </summary>
internal sealed class LaneDefinition(string key, IReadOnlyList<LaneSource> sources, LaneContent content)
{
    /// <summary>The source's canonical text: equal sources share a lane.</summary>
    public string Key { get; } = key;

    /// <summary>One; of a sequence, one for each step.</summary>
    public IReadOnlyList<LaneSource> Sources { get; } = sources;

    /// <summary>The sources in the language of rules.</summary>
    public IEnumerable<string> Texts => Sources.Select(source => source.Text);

    /// <summary>The traits that a <c>where</c> reads: when one changes, the lane is filled anew.</summary>
    public FrozenSet<string> TraitsInWhere { get; } =
        sources
            .Select(source => source.Where)
            .OfType<BoundNode>()
            .SelectMany(where => Dependencies.Of(where).Traits)
            .ToFrozenSet(StringComparer.Ordinal);

    public bool ReadsTraits => TraitsInWhere.Count > 0;

    public LaneContent Content { get; } = content;

    /// <summary>Its place among all lanes. Set once, when all are known.</summary>
    public int Index { get; set; } = -1;

    /// <summary>How long an entry matters.</summary>
    public WindowReach Reach { get; } = new();

    public bool Admits(string eventName) => Sources.Any(source => source.Admits(eventName));
}
