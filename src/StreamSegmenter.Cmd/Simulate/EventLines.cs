using System.IO.Compression;
using System.IO.Pipelines;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>
/// Reads lines as bytes: UTF-8, with or without a byte order mark, ended by <c>\n</c> or <c>\r\n</c>, plain or
/// compressed with gzip. Blank lines are left out. Memory is bounded by the longest line allowed; of a longer one only
/// the beginning is kept. Not thread-safe.
/// </summary>
internal sealed class EventLines : IAsyncDisposable
{
    private const int FirstCapacity = 128 * 1024;
    private const int KeptOfLongLine = 512;
    private const int RoomForMarkAndEnd = 5;

    private readonly Stream _stream;
    private readonly int _maxCapacity;
    private byte[] _buffer = new byte[FirstCapacity];
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;
    private long _number;

    // Of a line that does not fit into the buffer: its beginning, and how many of its bytes have left the buffer.
    private readonly byte[] _beginning = new byte[KeptOfLongLine];
    private long _dropped;

    private EventLines(Stream stream, int maxLineBytes)
    {
        _stream = stream;
        _maxCapacity = Math.Max(FirstCapacity, maxLineBytes + RoomForMarkAndEnd);
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <param name="stream">Left open.</param>
    /// <param name="maxLineBytes">Lines up to this length are given whole.</param>
    public static async Task<EventLines> OpenAsync(Stream stream, int maxLineBytes, CancellationToken stop)
    {
        // A pipe can look at the first bytes without taking them, even of standard input.
        var pipe = PipeReader.Create(stream, new(bufferSize: FirstCapacity, leaveOpen: true));
        var first = await pipe.ReadAtLeastAsync(GzipMagic.Length, stop);
        var isGzip = IsGzip(first);
        pipe.AdvanceTo(first.Buffer.Start);
        var plain = pipe.AsStream();
        return new(isGzip ? new GZipStream(plain, CompressionMode.Decompress) : plain, maxLineBytes);
    }

    /// <summary>
    /// Waits for more input; take lines until there are none before calling it again. False after the end.
    /// </summary>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        if (_ended)
        {
            return false;
        }

        MakeRoom();
        int count = await _stream.ReadAsync(_buffer.AsMemory(_end), stop);
        _ended = count == 0;
        _end += count;
        return true;
    }

    public bool TryTake(out EventLine line)
    {
        while (TryFindEnd(out int end, out int next))
        {
            _number++;
            line = _dropped > 0 ? TakeLong(end) : TakeWhole(end);
            _dropped = 0;
            _start = _searched = next;
            if (!IsBlank(line.Text.Span))
            {
                return true;
            }
        }

        line = default;
        return false;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private bool TryFindEnd(out int end, out int next)
    {
        int found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (found >= 0)
        {
            end = _searched + found;
            next = end + 1;
            return true;
        }

        // The last line may lack its end.
        _searched = end = next = _end;
        return _ended && (_start < _end || _dropped > 0);
    }

    private EventLine TakeLong(int end) => new(_number, _beginning, _dropped + (end - _start));

    private EventLine TakeWhole(int end)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, end - _start);
        if (_number == 1 && line.Span.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        if (line.Span.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        return new(_number, line, line.Length);
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length < _maxCapacity)
        {
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, _maxCapacity));
            return;
        }

        if (_dropped == 0)
        {
            _buffer.AsSpan(0, KeptOfLongLine).CopyTo(_beginning);
        }

        _dropped += _end;
        _searched = _end = 0;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static bool IsGzip(ReadResult first)
    {
        Span<byte> magic = stackalloc byte[GzipMagic.Length];
        int count = 0;
        foreach (ReadOnlyMemory<byte> piece in first.Buffer)
        {
            int taken = Math.Min(piece.Length, magic.Length - count);
            piece.Span[..taken].CopyTo(magic[count..]);
            count += taken;
        }

        return count == magic.Length && magic.SequenceEqual(GzipMagic);
    }
}
