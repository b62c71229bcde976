using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Files;

/// <summary>
/// A file that lines are appended to. A lock beside it keeps other writers away, in this process and in others, and
/// lets readers be. Used by one caller at a time.
/// </summary>
internal sealed class LineFile(FilePlace place, long maxBytes, int? keptFiles, IDisk disk) : IDisposable
{
    private const byte LineEnd = (byte)'\n';

    private FileStream? _lock;
    private FileStream? _file;
    private bool _namesAreSure;

    /// <summary>
    /// Appends the lines, all to one file, and brings them to the disk. When that fails, what was written of them is
    /// taken back; the outcome tells whether that succeeded.
    /// </summary>
    public DeliveryResult Append(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        long sure = -1;
        try
        {
            var file = Open(lines.Sum(line => line.Length + 1));
            sure = file.Length;
            file.Write(Join(lines));
            file.Flush(flushToDisk: true);
            return DeliveryResult.Delivered;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            return DeliveryResult.Misconfigured($"{place.Current}: {exception.Message}");
        }
        catch (IOException exception)
        {
            bool isWhole = sure < 0 || TryTakeBack(sure);
            string detail = $"{place.Current}: {exception.Message}";
            return isWhole ? DeliveryResult.Retry(detail) : DeliveryResult.Unknown(detail);
        }
    }

    public void Dispose()
    {
        Close();
        _lock?.Dispose();
        _lock = null;
    }

    private static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        byte[] joined = new byte[lines.Sum(line => line.Length + 1)];
        int at = 0;
        foreach (var line in lines)
        {
            line.Span.CopyTo(joined.AsSpan(at));
            at += line.Length;
            joined[at++] = LineEnd;
        }

        return joined;
    }

    private FileStream Open(int length)
    {
        _lock ??= new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _file ??= OpenWhole();
        if (_file.Length > 0 && _file.Length + length > maxBytes)
        {
            _namesAreSure = false;
            Rotate();
            _file = OpenWhole();
        }

        // A line in a file whose name a power failure takes away would be lost with it.
        if (!_namesAreSure)
        {
            disk.SyncDirectory(place.Folder);
            _namesAreSure = true;
        }

        return _file;
    }

    /// <summary>
    /// Opens the file at the end of its last whole line. What stands behind it was begun before a crash and never
    /// reported as delivered.
    /// </summary>
    private FileStream OpenWhole()
    {
        var file = disk.Open(place.Current);
        try
        {
            file.SetLength(EndOfLastLine(file));
            file.Seek(0, SeekOrigin.End);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long EndOfLastLine(FileStream file)
    {
        byte[] buffer = new byte[4096];
        long end = file.Length;
        while (end > 0)
        {
            int length = (int)Math.Min(buffer.Length, end);
            file.Seek(end - length, SeekOrigin.Begin);
            file.ReadExactly(buffer, 0, length);
            int last = Array.LastIndexOf(buffer, LineEnd, length - 1);
            if (last >= 0)
            {
                return end - length + last + 1;
            }

            end -= length;
        }

        return 0;
    }

    private void Rotate()
    {
        Close();
        int[] numbers = place.Numbers();
        File.Move(place.Current, place.Numbered(numbers.LastOrDefault() + 1));
        foreach (int old in numbers.SkipLast((keptFiles ?? int.MaxValue) - 1))
        {
            File.Delete(place.Numbered(old));
        }
    }

    private bool TryTakeBack(long length)
    {
        try
        {
            _file!.SetLength(length);
            _file.Seek(0, SeekOrigin.End);
            _file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            Close();
            return false;
        }
    }

    private void Close()
    {
        var file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // What it could not write was not reported as delivered.
        }
    }
}
