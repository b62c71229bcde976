using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSegmenter.Cmd.Tests.Support;

/// <summary>A web server that keeps one request and gives it the answer it was made with.</summary>
internal sealed class OneAnswer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public OneAnswer(int status, string body)
    {
        _listener.Start();
        Request = ServeAsync(status, body);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The request, from its first line to the end of its body.</summary>
    public Task<string> Request { get; }

    public void Dispose() => _listener.Stop();

    private async Task<string> ServeAsync(int status, string body)
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        await using NetworkStream stream = client.GetStream();
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!IsWhole(request.ToString()))
        {
            int read = await stream.ReadAsync(buffer);
            request.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        string answer = $"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        return request.ToString();
    }

    private static bool IsWhole(string request)
    {
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string length = "Content-Length: ";
        int at = request.IndexOf(length, StringComparison.OrdinalIgnoreCase);
        return end >= 0
            && (
                at < 0
                || Encoding.UTF8.GetByteCount(request[(end + 4)..])
                    >= int.Parse(request[(at + length.Length)..request.IndexOf('\r', at)], null)
            );
    }
}
