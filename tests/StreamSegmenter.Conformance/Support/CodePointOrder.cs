using System.Text;

namespace StreamSegmenter.Conformance.Support;

/// <summary>
/// The order of Unicode code points, which is that of UTF-8 bytes and therefore that of every database with a binary
/// collation. .NET's ordinal order differs from it beyond the basic plane.
/// </summary>
public sealed class CodePointOrder : IComparer<string>
{
    public static readonly CodePointOrder Instance = new();

    private CodePointOrder() { }

    public int Compare(string? x, string? y) =>
        Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
