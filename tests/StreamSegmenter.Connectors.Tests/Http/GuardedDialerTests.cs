using System.Net;
using System.Net.Sockets;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Webhook;

namespace StreamSegmenter.Connectors.Tests.Http;

public sealed class GuardedDialerTests
{
    // Every spelling of a local address that a URL may hold, as HttpClient hands it to the dialer.
    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[0:0:0:0:0:ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/latest/meta-data/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://user@127.0.0.1/")]
    [InlineData("http://example.com@127.0.0.1/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://[fe80::1%251]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[64:ff9b::127.0.0.1]/")]
    public async Task No_spelling_of_a_local_address_is_dialled(string url)
    {
        using var client = OutboundHttp.CreateClient(new WebhookOptions(), NeverResolve);

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(url)));

        failure.InnerException.ShouldBeOfType<BlockedAddressException>();
    }

    // A chat or helpdesk may be inside; where clouds keep their credentials none is.
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("http://[fe80::1%251]/")]
    public async Task No_connector_dials_where_clouds_keep_their_credentials(string url)
    {
        using var client = OutboundHttp.CreateClient(new SlackOptions(), NeverResolve);

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(url)));

        failure.InnerException.ShouldBeOfType<BlockedAddressException>().Message.ShouldContain("link-local");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("internal.example")]
    [InlineData("internal.example.")]
    public async Task A_name_that_leads_inside_is_not_dialled(string host)
    {
        var dialer = new GuardedDialer((_, _) => Addresses("10.0.0.7", "::1"), AddressReach.Public);

        await Should.ThrowAsync<BlockedAddressException>(async () =>
            await dialer.ConnectAsync(new DnsEndPoint(host, 80), CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_a_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int asked = 0;
        var dialer = new GuardedDialer(
            (_, _) =>
            {
                asked++;
                return Addresses("127.0.0.1");
            },
            AddressReach.Inside
        );

        await using var stream = await dialer.ConnectAsync(
            new DnsEndPoint("rebinding.example", ((IPEndPoint)listener.LocalEndpoint).Port),
            CancellationToken.None
        );

        asked.ShouldBe(1);
    }

    // The public address comes from the block for documentation's neighbour, where nothing answers: what matters is
    // that the dialer did not take the private one that would have answered at once.
    [Fact]
    public async Task Private_addresses_among_public_ones_are_left_out()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var dialer = new GuardedDialer((_, _) => Addresses("127.0.0.1", "203.0.114.1"), AddressReach.Public);

        await Should.ThrowAsync<Exception>(async () =>
            await dialer.ConnectAsync(
                new DnsEndPoint("mixed.example", ((IPEndPoint)listener.LocalEndpoint).Port),
                soon.Token
            )
        );

        listener.Pending().ShouldBeFalse();
    }

    private static Task<IPAddress[]> Addresses(params string[] addresses) =>
        Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));

    private static Task<IPAddress[]> NeverResolve(string host, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{host} was asked for");
}
