using System.Net;
using System.Net.Sockets;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>Which addresses a recipient may name. Without this anybody who may enter one could make the platform speak to its own network.</summary>
internal static class PublicAddresses
{
    /// <summary>IANA's special-purpose registries: this machine, private, shared, link-local (with the clouds' metadata services), documentation, benchmarks, multicast, reserved.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96"), SixToFour = IPNetwork.Parse("2002::/16");

    /// <returns>Why not, or null when the address is public.</returns>
    public static string? Refuse(IPAddress address)
    {
        var plain = Embedded(address) ?? address;
        return Special.Any(network => network.Contains(plain)) ? $"{address} is not a public address" : null;
    }

    /// <summary>The IPv4 address that an IPv6 one stands for.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4)) : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : null;
    }
}
