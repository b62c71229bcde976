using System.Net;
using System.Net.Sockets;

namespace StreamSegmenter.Connectors.Http;

/// <summary>
/// Opens connections to addresses within reach only. A name is resolved once and the checked address itself is
/// connected to, so that a second answer of the name server changes nothing.
/// </summary>
internal sealed class GuardedDialer(HostResolver resolve, AddressReach reach)
{
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await resolve(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => AddressPolicy.Permits(reach, address));
        if (addresses.Length > 0 && allowed.Length == 0)
        {
            throw new BlockedAddressException(target.Host, reach);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host that resolves to addresses out of reach only.</summary>
internal sealed class BlockedAddressException(string host, AddressReach reach)
    : Exception(
        reach == AddressReach.Public
            ? $"{host} is at a private or local address; set allow-private-addresses = true if that is meant"
            : $"{host} is at a link-local address, which this connector does not dial"
    );
