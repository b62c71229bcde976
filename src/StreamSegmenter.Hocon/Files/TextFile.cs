using System.Text;

namespace StreamSegmenter.Hocon.Files;

/// <summary>Reads whole files as text: UTF-8, checked, and no longer than allowed.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The text of a file, or null when there is no such file.</summary>
    public static string? Read(IHoconFiles files, string path, int maxBytes)
    {
        try
        {
            using var stream = files.OpenRead(path);
            return stream is null ? null : StrictUtf8.GetString(ReadBytes(stream, path, maxBytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new HoconException(HoconOrigin.Text(path), "the file is not valid UTF-8; save it as UTF-8", e);
        }
        catch (UnauthorizedAccessException e)
        {
            const string problem = "the file may not be read; change its permissions";
            throw new HoconException(HoconOrigin.Text(path), problem, e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new HoconException(HoconOrigin.Text(path), $"the file cannot be read: {e.Message}", e);
        }
    }

    private static byte[] ReadBytes(Stream stream, string path, int maxBytes)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            if (content.Length + count > maxBytes)
            {
                var problem = $"the file is longer than {maxBytes} bytes; split it into includes";
                throw new HoconException(HoconOrigin.Text(path), problem);
            }
            content.Write(buffer, 0, count);
        }
        return content.ToArray();
    }
}
