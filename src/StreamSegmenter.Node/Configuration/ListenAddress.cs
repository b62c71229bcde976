using System.Net;
using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Addresses with a port to listen on.</summary>
internal static class ListenAddress
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static OptionsViolation? Violation(string key, string address)
    {
        // An address without a port would be taken as one with port 0.
        bool hasPort =
            IPEndPoint.TryParse(address, out IPEndPoint? endPoint)
            && address.EndsWith($":{endPoint.Port}", StringComparison.Ordinal);
        return hasPort && !IPAddress.TryParse(address, out _)
            ? null
            : new(key, $"\"{address}\" is not an address and port", "write e.g. \"127.0.0.1:8080\" or \"[::]:8080\"");
    }
}
