using System.Net;
using System.Net.Sockets;

namespace StreamSegmenter.EndToEnd.Tests.Processes;

/// <summary>Finds a port on which a process may listen, go away and listen again.</summary>
public static class FreePort
{
    // Below the ports that systems give to outgoing connections: one of those could take it, or connect to itself,
    // while nobody listens.
    private const int First = 20_000;
    private const int End = 30_000;

    public static int Find()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, End);
            try
            {
                using TcpListener probe = new(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
