using System.Collections.Immutable;

namespace StreamSegmenter.Hocon.Values;

/// <summary>How a string was written: where each of its characters stands.</summary>
internal abstract class Writing
{
    /// <summary>Where the character is written; null when that is not known. The length asks for the end.</summary>
    public abstract WrittenPlace? PlaceOf(int offset);
}

/// <summary>One token of a text.</summary>
/// <param name="source">The text.</param>
/// <param name="start">Where the content begins in it.</param>
/// <param name="escapes">The escapes, in order; every other character stands for itself.</param>
internal sealed class TokenWriting(SourceText source, int start, ImmutableArray<WrittenEscape> escapes) : Writing
{
    public override WrittenPlace? PlaceOf(int offset)
    {
        var surplus = escapes.Where(escape => escape.Offset < offset).Sum(static escape => escape.Length - 1);
        return source.PlaceOf(start + offset + surplus);
    }
}

/// <summary>An escape in a token, which stands for one character.</summary>
/// <param name="Offset">The offset of that character in the string.</param>
/// <param name="Length">The characters that were written for it.</param>
internal readonly record struct WrittenEscape(int Offset, int Length);

/// <summary>
/// Several values put together. They are kept, not copied: joining again and again costs no more than the pieces.
/// </summary>
internal sealed class JoinedWriting(ImmutableArray<HoconScalar> pieces) : Writing
{
    public override WrittenPlace? PlaceOf(int offset)
    {
        foreach (var piece in pieces.AsSpan()[..^1])
        {
            if (offset < piece.Text.Length)
            {
                return piece.PlaceOf(offset);
            }

            offset -= piece.Text.Length;
        }

        return pieces[^1].PlaceOf(offset);
    }
}
