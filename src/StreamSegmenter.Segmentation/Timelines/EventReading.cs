using System.Runtime.InteropServices;
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

    /// <summary>The lanes that may take the event.</summary>
    /// <param name="found">May be filled with them; not to be changed while they are needed.</param>
    public ReadOnlySpan<LaneDefinition> LanesFor(EventView view, List<LaneDefinition> found)
    {
        if (_byProperty.Length == 0)
        {
            return _always;
        }

        found.Clear();
        found.AddRange(_always);
        foreach (PropertyIndex index in _byProperty)
        {
            index.Collect(view, found);
        }

        return CollectionsMarshal.AsSpan(found);
    }
}
