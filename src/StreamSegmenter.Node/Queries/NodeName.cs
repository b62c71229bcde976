using System.Globalization;
using System.Net;

namespace StreamSegmenter.Node.Queries;

/// <summary>
/// How a node is known to the others: by the address of its API, or, when it has none that they could call, by the
/// names of its machine and process.
/// </summary>
internal sealed record NodeName(string Value)
{
    /// <param name="advertise">As configured; null to work it out from <paramref name="listen"/>.</param>
    public static NodeName Of(Uri? advertise, IPEndPoint listen)
    {
        if (advertise is not null)
        {
            return new(advertise.ToString());
        }

        if (listen.Port == 0)
        {
            return new(Invariant($"{Environment.MachineName}:{Environment.ProcessId}"));
        }

        bool everywhere = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        return new(everywhere ? Invariant($"http://{Environment.MachineName}:{listen.Port}/") : $"http://{listen}/");
    }

    /// <summary>The address in a node's name; null when it has none.</summary>
    public static Uri? AddressIn(string name) =>
        Uri.TryCreate(name, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : null;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
