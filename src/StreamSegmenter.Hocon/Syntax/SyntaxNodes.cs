using System.Collections.Immutable;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>
/// What was written where a value is expected, as one file has it: nothing merged, included or looked up.
/// </summary>
internal abstract record SyntaxNode(HoconOrigin Origin);

internal sealed record LiteralSyntax(HoconScalar Value) : SyntaxNode(Value.Origin);

internal sealed record ArraySyntax(HoconOrigin Origin, ImmutableArray<SyntaxNode> Elements) : SyntaxNode(Origin);

internal sealed record ObjectSyntax(HoconOrigin Origin, ImmutableArray<MemberSyntax> Members) : SyntaxNode(Origin);

internal sealed record SubstitutionSyntax(HoconOrigin Origin, HoconPath Path, bool Optional) : SyntaxNode(Origin);

/// <summary>Values side by side; <see cref="WhitespaceSyntax"/> stands between those that do not touch.</summary>
internal sealed record ConcatenationSyntax(HoconOrigin Origin, ImmutableArray<SyntaxNode> Pieces) : SyntaxNode(Origin);

internal sealed record WhitespaceSyntax(HoconString Value) : SyntaxNode(Value.Origin);

internal abstract record MemberSyntax(HoconOrigin Origin);

/// <summary>A key and its value.</summary>
/// <param name="Origin">The place of the key.</param>
/// <param name="Path">The key, which may be a path.</param>
/// <param name="Appends">Whether the separator was <c>+=</c>.</param>
/// <param name="Value">The value.</param>
internal sealed record FieldSyntax(HoconOrigin Origin, HoconPath Path, bool Appends, SyntaxNode Value)
    : MemberSyntax(Origin);

/// <summary>An include statement.</summary>
/// <param name="Origin">The place of the word <c>include</c>.</param>
/// <param name="Name">The name in quotes.</param>
/// <param name="BesideIncluder">Whether a relative name starts at the including file: not inside <c>file()</c>.</param>
/// <param name="Required">Whether absence is an error.</param>
internal sealed record IncludeSyntax(HoconOrigin Origin, string Name, bool BesideIncluder, bool Required)
    : MemberSyntax(Origin);
