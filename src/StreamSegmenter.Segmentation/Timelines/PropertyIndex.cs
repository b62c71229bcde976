using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>Lanes by the text that a property must have for them.</summary>
internal sealed class PropertyIndex(PropertyPath path)
{
    private readonly Dictionary<byte[], List<LaneDefinition>> _lanes = new(Utf8Comparer.Instance);

    public void Add(IEnumerable<string> texts, LaneDefinition lane)
    {
        foreach (byte[] text in texts.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes))
        {
            if (!_lanes.TryGetValue(text, out List<LaneDefinition>? lanes))
            {
                _lanes[text] = lanes = [];
            }

            lanes.Add(lane);
        }
    }

    public void Collect(EventView view, List<LaneDefinition> lanes)
    {
        JsonCursor value = PropertyReader.Find(path.Root == PathRoot.Envelope ? view.Root : view.Body, path);
        if (
            value.Kind == JsonKind.String
            && _lanes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(value.Utf8, out List<LaneDefinition>? found)
        )
        {
            lanes.AddRange(found);
        }
    }

    private sealed class Utf8Comparer
        : IEqualityComparer<byte[]>,
            IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] utf8) => GetHashCode(utf8.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => XxHash64.Hash(alternate).GetHashCode();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
