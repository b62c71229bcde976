using System.Collections.Immutable;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Merging;

/// <summary>One definition of a value. Compared by identity: the same text at two places is two layers.</summary>
internal abstract class Layer(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

internal sealed class LiteralLayer(HoconScalar value) : Layer(value.Origin)
{
    public HoconScalar Value { get; } = value;
}

/// <summary>Elements are cells so that an object among them can hold further definitions.</summary>
internal sealed class ArrayLayer(HoconOrigin origin, ImmutableArray<Cell> elements) : Layer(origin)
{
    public ImmutableArray<Cell> Elements { get; } = elements;
}

/// <summary>Whitespace between the pieces of a concatenation.</summary>
internal sealed class WhitespaceLayer(HoconString value) : Layer(value.Origin)
{
    public HoconString Value { get; } = value;
}

/// <summary>
/// A value that is looked up. It is the only kind, together with <see cref="ConcatenationLayer"/>,
/// whose value may depend on what lies below it in its cell.
/// </summary>
internal sealed class SubstitutionLayer(
    HoconOrigin origin,
    HoconPath path,
    bool optional,
    ImmutableArray<Target> targets,
    bool fallsBackToEnvironment
) : Layer(origin)
{
    /// <summary>The path as written, for messages and for the environment.</summary>
    public HoconPath Path { get; } = path;

    public bool Optional { get; } = optional;

    /// <summary>
    /// Where to look, nearest first: inside the included file, then inside its includer, then at the root.
    /// </summary>
    public ImmutableArray<Target> Targets { get; } = targets;

    public bool FallsBackToEnvironment { get; } = fallsBackToEnvironment;

    public override string ToString() => $"${{{(Optional ? "?" : "")}{Path}}}";
}

internal sealed class ConcatenationLayer(HoconOrigin origin, ImmutableArray<Layer> pieces) : Layer(origin)
{
    public ImmutableArray<Layer> Pieces { get; } = pieces;
}

/// <summary>A place in the tree of cells.</summary>
/// <param name="Anchor">Where the path starts; null is the root of the document. Elements of arrays have no path of
/// their own, so what is written inside them is anchored at the element.</param>
/// <param name="Path">The way from there.</param>
internal readonly record struct Target(Cell? Anchor, HoconPath Path)
{
    public Target Append(HoconPath tail) => this with { Path = Path.Append(tail) };
}
