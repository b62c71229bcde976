using System.Net;
using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Where a node listens, section <c>http</c>.</summary>
/// <param name="Listen">Address and port, e.g. <c>127.0.0.1:8080</c> or <c>[::]:8080</c>.</param>
public sealed record HttpOptions(string Listen) : IValidatedOptions
{
    /// <summary><see cref="Listen"/>, read. Port 0 lets the system choose one.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    public IEnumerable<OptionsViolation> Validate() =>
        ListenAddress.Violation(nameof(Listen), Listen) is { } violation ? [violation] : [];
}
