namespace StreamSegmenter.Connectors.Http;

/// <summary>How all connectors reach the outside over HTTP.</summary>
internal static class OutboundHttp
{
    /// <summary>
    /// A client of bounded pools that follows no redirect (it could lead anywhere, with the secret), asks no proxy,
    /// keeps no cookie and unpacks nothing. Timeouts are the sender's.
    /// </summary>
    public static HttpClient CreateClient(HttpConnectorOptions options, HostResolver resolve)
    {
        var dialer = new GuardedDialer(resolve, options.Reach);
        var trust = new TrustStore(options.TrustedCertificates);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = options.MaxConnections,
            MaxResponseHeadersLength = 32, // KiB
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // notices a moved name
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, token) => dialer.ConnectAsync(context.DnsEndPoint, token),
        };
        if (trust.IsCustom)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                trust.Trusts(certificate, chain, errors);
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
