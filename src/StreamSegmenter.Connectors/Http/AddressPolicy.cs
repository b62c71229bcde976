using System.Net;

namespace StreamSegmenter.Connectors.Http;

/// <summary>Which addresses a connector dials.</summary>
internal enum AddressReach
{
    /// <summary>Those of the public internet.</summary>
    Public,

    /// <summary>Those, loopback and private ones; not the link-local ones where clouds keep credentials.</summary>
    Inside,

    /// <summary>All of them.</summary>
    Everywhere,
}

/// <summary>Tells addresses of the public internet from those of a private or local network.</summary>
internal static class AddressPolicy
{
    // IANA's special-purpose registries: everything that is not globally reachable, and the translations that
    // could smuggle such an address inside of an IPv6 one.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // Where clouds hand out their credentials (169.254.169.254, 100.100.100.200, fd00:ec2::254) and where no server of
    // ours can be.
    private static readonly IPNetwork[] NeverMeant =
    [
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("fe80::/10"),
    ];

    private static readonly IPNetwork[] EndInVersion4 =
    [
        IPNetwork.Parse("::/96"),
        IPNetwork.Parse("64:ff9b::/96"),
        IPNetwork.Parse("64:ff9b:1::/48"),
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool Permits(AddressReach reach, IPAddress address) =>
        reach switch
        {
            AddressReach.Public => IsPublic(address),
            AddressReach.Inside => !IsNeverMeant(address),
            _ => true,
        };

    private static bool IsNeverMeant(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var inner = Translated(plain);
        return Array.Exists(NeverMeant, network => network.Contains(plain) || network.Contains(inner));
    }

    /// <summary>The IPv4 address inside of an IPv6 one that is translated to it (RFC 6052, 3056, 4291).</summary>
    private static IPAddress Translated(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        bool isLast = Array.Exists(EndInVersion4, network => network.Contains(address));
        return isLast ? new IPAddress(bytes.AsSpan(12))
            : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : address;
    }

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(NotPublic, network => network.Contains(plain));
    }
}
