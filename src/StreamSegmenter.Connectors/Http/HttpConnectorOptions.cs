using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Http;

/// <summary>The settings that all connectors over HTTP share.</summary>
public abstract class HttpConnectorOptions : ConnectorOptions
{
    /// <summary>
    /// Where to post. Required; <c>https</c> unless <see cref="AllowHttp"/>. Many systems put a token into it, so it is
    /// treated as a secret.
    /// </summary>
    public Secret Url { get; set; }

    /// <summary>
    /// Permits plain <c>http</c>, over which secrets and customers' data travel readably. Default false.
    /// </summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// A PEM file with the authorities to trust instead of the system's, for servers with certificates of one's own.
    /// Default: none.
    /// </summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>Connections open at once, 1 to 256. Default 8.</summary>
    public int MaxConnections { get; set; } = 8;

    /// <summary>
    /// Which addresses are dialled. By default those of the inside, too: the address is the configuration's alone.
    /// </summary>
    internal virtual AddressReach Reach => AddressReach.Inside;

    /// <summary>What of the address is not to be reported: all behind the host, and its parts.</summary>
    internal virtual IEnumerable<Secret> HiddenParts =>
        Uri.TryCreate(Url.Reveal(), UriKind.Absolute, out var url) ? HiddenWords.PartsOf(url) : [];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.RequireRange(MaxConnections, 1, 256, nameof(MaxConnections));
        if (TrustStore.ProblemOf(TrustedCertificates) is { } problem)
        {
            errors.Add(nameof(TrustedCertificates), problem);
        }

        if (!Uri.TryCreate(Url.Reveal(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            errors.Add(nameof(Url), "needs an absolute address such as https://host/path");
            return;
        }

        errors.Require(
            url.Scheme == "https" || AllowHttp,
            nameof(Url),
            "is plain http; use https, or set allow-http = true if the way there is private"
        );
        errors.Require(url.UserInfo.Length == 0, nameof(Url), "may not hold a user name or password");
        errors.Require(url.Fragment.Length == 0, nameof(Url), "may not hold a fragment (#...)");
    }
}
