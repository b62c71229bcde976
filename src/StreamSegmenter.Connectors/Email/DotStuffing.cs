using System.Buffers;

namespace StreamSegmenter.Connectors.Email;

/// <summary>RFC 5321, 4.5.2: a dot that begins a line is doubled, since a line of one dot ends the message.</summary>
internal static class DotStuffing
{
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> content)
    {
        var stuffed = new ArrayBufferWriter<byte>(content.Length + 16);
        var rest = content.Span;
        while (rest.Length > 0)
        {
            if (rest[0] == '.')
            {
                stuffed.Write("."u8);
            }

            int end = rest.IndexOf((byte)'\n');
            int length = end < 0 ? rest.Length : end + 1;
            stuffed.Write(rest[..length]);
            rest = rest[length..];
        }

        return stuffed.WrittenMemory;
    }
}
