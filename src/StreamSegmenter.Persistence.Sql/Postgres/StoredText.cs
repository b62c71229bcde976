using System.Buffers;
using System.Text;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Text as bytes, for a server whose text cannot hold U+0000: UTF-8, which sorts by code point. A lone surrogate, which
/// UTF-8 has no bytes for, becomes the three that it would have if it were a character, so that any string comes back
/// as it was.
/// </summary>
internal static class StoredText
{
    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    public static byte[] Encode(string text)
    {
        try
        {
            return s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return EncodeWithSurrogates(text);
        }
    }

    /// <exception cref="InvalidDataException">Something else wrote the bytes.</exception>
    public static string Decode(byte[] bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return DecodeWithSurrogates(bytes);
        }
    }

    private static byte[] EncodeWithSurrogates(string text)
    {
        ArrayBufferWriter<byte> bytes = new(text.Length * 3);
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                int lone = text[i];
                bytes.Write([(byte)(0xE0 | (lone >> 12)), Continued(lone >> 6), Continued(lone)]);
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string DecodeWithSurrogates(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[consumed..];
            }
            else if (bytes is [0xED, >= 0xA0 and <= 0xBF and var high, >= 0x80 and <= 0xBF and var low, ..])
            {
                text.Append((char)(0xD000 | ((high & 0x3F) << 6) | (low & 0x3F)));
                bytes = bytes[3..];
            }
            else
            {
                throw new InvalidDataException("The state store holds a name that is not UTF-8.");
            }
        }

        return text.ToString();
    }

    private static byte Continued(int bits) => (byte)(0x80 | (bits & 0x3F));
}
