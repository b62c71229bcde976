using System.Net;
using StreamSegmenter.Hocon.Options;
using static System.StringComparison;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Where a node listens, section <c>http</c>.</summary>
/// <param name="Listen">Address and port, e.g. <c>127.0.0.1:8080</c> or <c>[::]:8080</c>.</param>
public sealed record HttpOptions(string Listen) : IValidatedOptions
{
    /// <summary><see cref="Listen"/>, read. Port 0 lets the system choose one.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    public IEnumerable<OptionsViolation> Validate()
    {
        // An address without a port would be taken as one with port 0.
        var hasPort = IPEndPoint.TryParse(Listen, out var endPoint) && Listen.EndsWith($":{endPoint.Port}", Ordinal);
        if (!hasPort || IPAddress.TryParse(Listen, out _))
        {
            yield return new(
                nameof(Listen),
                $"\"{Listen}\" is not an address and port",
                "write e.g. \"127.0.0.1:8080\" or \"[::]:8080\""
            );
        }
    }
}
