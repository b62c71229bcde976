using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// What the rules read of events of one name. Lanes whose <c>where</c> asks for one written-out text in a property are
/// found by that property's value, so that lanes which cannot take the event cost nothing.
/// </summary>
internal sealed class EventReading
{
    private readonly LaneDefinition[] _always;
    private readonly PropertyIndex[] _byProperty;

    public EventReading(string? eventName, IEnumerable<LaneDefinition> lanes)
    {
        var always = new List<LaneDefinition>();
        var byProperty = new Dictionary<PropertyPath, PropertyIndex>();
        foreach (LaneDefinition lane in lanes)
        {
            Reach.Include(lane.Reach);
            LaneSource[] sources =
            [
                .. lane.Sources.Where(source =>
                    eventName is null ? source.EventName is null : source.Admits(eventName)
                ),
            ];
            if (sources is [{ Where: { } where }] && RequiredText.In(where) is { } required)
            {
                if (!byProperty.TryGetValue(required.Path, out PropertyIndex? index))
                {
                    byProperty[required.Path] = index = new(required.Path);
                }

                index.Add(required.Texts, lane);
            }
            else
            {
                always.Add(lane);
            }
        }

        _always = [.. always];
        _byProperty = [.. byProperty.Values];
    }

    /// <summary>How long such events matter.</summary>
    public WindowReach Reach { get; } = new();

    /// <summary>Adds the lanes that may take the event.</summary>
    public void Collect(EventView view, List<LaneDefinition> lanes)
    {
        lanes.AddRange(_always);
        foreach (PropertyIndex index in _byProperty)
        {
            index.Collect(view, lanes);
        }
    }
}
