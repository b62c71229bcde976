using System.Text;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Where a path starts to read.</summary>
internal enum PathRoot : byte
{
    /// <summary>The event's <c>properties</c> or <c>traits</c>, or the element that <c>any(...)</c> looks at.</summary>
    Body,

    /// <summary>The whole event.</summary>
    Envelope,
}

/// <summary>A path into JSON; a null part flattens an array.</summary>
internal sealed class PropertyPath(PathRoot root, IReadOnlyList<string?> parts) : IEquatable<PropertyPath>
{
    private readonly IReadOnlyList<string?> _parts = parts;

    public PathRoot Root { get; } = root;

    /// <summary>UTF-8 names.</summary>
    public byte[]?[] Parts { get; } =
        parts.Select(part => part is null ? null : Encoding.UTF8.GetBytes(part)).ToArray();

    public bool Flattens { get; } = parts.Any(static part => part is null);

    public bool Equals(PropertyPath? other) =>
        other is not null && Root == other.Root && _parts.SequenceEqual(other._parts, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as PropertyPath);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Root);
        foreach (string? part in _parts)
        {
            hash.Add(part, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
