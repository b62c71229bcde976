namespace StreamSegmenter.Connectors.Http;

/// <summary>How all connectors reach the outside over HTTP.</summary>
internal static class OutboundHttp
{
    /// <summary>
    /// A client of bounded pools that follows no redirect (it could lead anywhere, with the secret), asks no proxy,
    /// keeps no cookie and unpacks nothing. Timeouts are the sender's.
    /// </summary>
    public static HttpClient CreateClient(HostResolver resolve, bool allowPrivateAddresses, int maxConnections)
    {
        var dialer = new GuardedDialer(resolve, allowPrivateAddresses);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = maxConnections,
            MaxResponseHeadersLength = 32, // KiB
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // notices a moved name
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, token) => dialer.ConnectAsync(context.DnsEndPoint, token),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
