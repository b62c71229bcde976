using System.IO.Compression;
using System.IO.Pipelines;

namespace StreamSegmenter.Node.Ingest;

/// <summary>How reading a body ended.</summary>
internal enum BodyResult
{
    Ok = 1,
    TooLarge = 2,
    BadGzip = 3,
}

/// <summary>
/// Reads a request's body whole, within a bound. It is unpacked when it begins like gzip: producers exist that announce
/// gzip as a form, or JSON as plain text, so what it is counts and not what it is called.
/// </summary>
internal static class RequestBody
{
    public static async ValueTask<BodyResult> ReadAsync(
        HttpRequest request,
        PooledBytes body,
        PooledBytes packed,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > maxBytes)
        {
            return BodyResult.TooLarge;
        }

        PipeReader reader = request.BodyReader;
        body.Reserve((int)(request.ContentLength ?? 0));
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                if (body.Count + segment.Length > maxBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return BodyResult.TooLarge;
                }

                segment.CopyTo(body.GetMemory(segment.Length));
                body.Advance(segment.Length);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                BodyResult result = IsGzip(body.Span) ? Unpack(body, packed, maxBytes) : BodyResult.Ok;
                DropByteOrderMark(body);
                return result;
            }
        }
    }

    private static void DropByteOrderMark(PooledBytes body)
    {
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        if (body.Span.StartsWith(mark))
        {
            body.RemoveStart(mark.Length);
        }
    }

    private static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    private static BodyResult Unpack(PooledBytes body, PooledBytes packed, int maxBytes)
    {
        body.Span.CopyTo(packed.GetSpan(body.Count));
        packed.Advance(body.Count);
        body.Clear();
        try
        {
            using MemoryStream source = new(packed.Array, 0, packed.Count, writable: false);
            using GZipStream gzip = new(source, CompressionMode.Decompress);
            while (gzip.Read(body.GetSpan()) is > 0 and int count)
            {
                body.Advance(count);
                if (body.Count > maxBytes)
                {
                    return BodyResult.TooLarge;
                }
            }

            return BodyResult.Ok;
        }
        catch (InvalidDataException)
        {
            return BodyResult.BadGzip;
        }
    }
}
