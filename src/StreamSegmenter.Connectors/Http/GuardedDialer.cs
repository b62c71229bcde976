using System.Net;
using System.Net.Sockets;

namespace StreamSegmenter.Connectors.Http;

/// <summary>
/// Opens connections to public addresses only. A name is resolved once and the checked address itself is connected to,
/// so that a second answer of the name server changes nothing.
/// </summary>
internal sealed class GuardedDialer(HostResolver resolve, bool allowPrivateAddresses)
{
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await resolve(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => allowPrivateAddresses || AddressPolicy.IsPublic(address));
        if (addresses.Length > 0 && allowed.Length == 0)
        {
            throw new BlockedAddressException(target.Host);
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

/// <summary>A host that resolves to private addresses only.</summary>
internal sealed class BlockedAddressException(string host)
    : Exception($"{host} is at a private or local address; set allow-private-addresses = true if that is meant");
