using System.Text;
using StreamSegmenter.Connectors.Http;

namespace StreamSegmenter.Connectors.Email;

/// <summary>Lines to and from a server over one stream.</summary>
/// <param name="hidden">Taken out of whatever is reported.</param>
internal sealed class SmtpChannel(Stream stream, HiddenWords hidden)
{
    private const int MaxReplyLength = 16 * 1024;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Whether the server has sent more than was read.</summary>
    public bool HasUnread => _start < _end;

    public async ValueTask<SmtpReply> ExchangeAsync(string command, CancellationToken cancellationToken)
    {
        await WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>All lines of one reply: <c>250-...</c> is followed by another, <c>250 ...</c> is the last.</summary>
    public async ValueTask<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        int code = 0;
        while (true)
        {
            string line = await ReadLineAsync(MaxReplyLength - text.Length, cancellationToken);
            int lineCode = CodeOf(line);
            if (lineCode == 0 || (code != 0 && lineCode != code))
            {
                throw new SmtpProtocolException(
                    $"the server said '{SingleLine.Cut(SingleLine.Of(hidden.Hide(line)), 80)}', which is no SMTP"
                );
            }

            code = lineCode;
            text.Append(text.Length > 0 ? "\n" : "").Append(line.AsSpan(Math.Min(4, line.Length)));
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, text.ToString());
            }
        }
    }

    private static int CodeOf(string line)
    {
        bool isReply =
            line.Length >= 3
            && line.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0
            && line[0] is >= '2' and <= '5'
            && (line.Length == 3 || line[3] is ' ' or '-');
        return isReply ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0') : 0;
    }

    private async ValueTask<string> ReadLineAsync(int maxLength, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length < maxLength)
        {
            if (!HasUnread)
            {
                _start = 0;
                _end = await stream.ReadAsync(_buffer, cancellationToken);
                if (_end == 0)
                {
                    throw new EndOfStreamException("the server hung up");
                }
            }

            char c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
        }

        throw new SmtpProtocolException($"the server's reply is longer than {MaxReplyLength} bytes");
    }
}
