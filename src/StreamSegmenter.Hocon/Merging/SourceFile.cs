using StreamSegmenter.Hocon.Syntax;

namespace StreamSegmenter.Hocon.Merging;

/// <summary>A file that was read.</summary>
/// <param name="Path">Its path, as the reader names it in messages.</param>
/// <param name="Root">What it holds.</param>
internal readonly record struct SourceFile(string Path, SyntaxNode Root);
