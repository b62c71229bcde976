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
internal sealed class PropertyPath(PathRoot root, IReadOnlyList<string?> parts)
{
    public PathRoot Root { get; } = root;

    /// <summary>UTF-8 names.</summary>
    public byte[]?[] Parts { get; } =
        parts.Select(part => part is null ? null : Encoding.UTF8.GetBytes(part)).ToArray();

    public bool Flattens { get; } = parts.Any(static part => part is null);
}
