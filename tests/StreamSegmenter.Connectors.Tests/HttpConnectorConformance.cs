using System.Net;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>What holds for every connector over HTTP besides.</summary>
public abstract class HttpConnectorConformance : PortConnectorConformance
{
    /// <summary>The header that carries the idempotency key.</summary>
    protected virtual string KeyHeader => "none";

    private static readonly TemplateOptions Greeting = new()
    {
        Subject = "For {{profile.name}}",
        Text = "Hello {{profile.name}}",
        Html = "<p>Hello {{profile.name}}</p>",
    };

    /// <summary>What must never be reported.</summary>
    protected abstract IReadOnlyList<string> Secrets { get; }

    public static TheoryData<string> HostileNames =>
        [
            "<!channel> <!everyone|x> <@U123> @everyone @here @all",
            "a\r\nX-Injected: 1\r\n\r\n{\"ok\":true}",
            "\", \"injected\": \"\\",
            "\\\" }, { \\u0022",
            "../../admin?x=1#y",
            "..",
            "{{customer}} {{{x}}} ${HOME}",
            "\u202Eabc\u202C \u2066def\u2069 שלום مرحبا",
            "👨‍👩‍👧‍👦🏳️‍🌈🇺🇳",
            "\0\u0001\u001b[31m\u2028\u2029",
            new string('x', 40_000),
        ];

    /// <summary>Settings for a peer at an origin such as <c>http://localhost:1234</c>.</summary>
    private protected abstract HttpConnectorOptions OptionsAt(string origin);

    private protected abstract HttpReply Answer(Conduct conduct);

    /// <summary>What the peer says to look-ups that come before a push; null for what is none.</summary>
    private protected virtual HttpReply? Lookup(HttpRequestSeen request) => null;

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public async Task Trouble_of_the_server_is_never_the_end_of_a_push(int status)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, "trouble"));

        result.Outcome.ShouldBeOneOf(DeliveryOutcome.Retry, DeliveryOutcome.Unknown);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_refused_request_is_not_repeated_as_it_is(int status)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, "no"));

        result.Outcome.ShouldBeOneOf(DeliveryOutcome.Rejected, DeliveryOutcome.Misconfigured);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Fri, 31 Jan 2020 12:00:12 GMT", 7)]
    [InlineData("soon", null)]
    [InlineData("-1", null)]
    public async Task A_rate_limit_gives_seconds_or_a_date(string retryAfter, int? seconds)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(429, "slow down", retryAfter));

        result.Outcome.ShouldBe(DeliveryOutcome.Retry, result.Detail);
        result.RetryAfter.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var other = await HttpPeer.StartAsync(Answer);

        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(status, Location: $"http://localhost:{other.Port}/")
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, result.Detail);
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_speaks_something_else_has_not_delivered()
    {
        await using var peer = new RawPeer("\r\n\r\n", "220 mail.example ESMTP\r\n");

        var result = await Connect(OptionsFor(peer.Port)).SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBeOneOf(DeliveryOutcome.Retry, DeliveryOutcome.Unknown);
    }

    [Fact]
    public async Task Secrets_that_the_server_repeats_are_not_reported()
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(400, string.Join(' ', Secrets)));

        result.Detail.ShouldContain("***");
        foreach (string secret in Secrets)
        {
            result.Detail.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_certificate_of_ones_own_authority_is_trusted_for_its_name_alone()
    {
        await using var peer = await StartHttpPeerAsync(tls: true);
        using var other = TestCertificate.Create("localhost");
        string trusted = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(trusted, peer.Certificate!.ExportCertificatePem());
            (await SendTlsAsync($"https://localhost:{peer.Port}")).Outcome.ShouldBe(DeliveryOutcome.Delivered);
            (await SendTlsAsync($"https://ip6-localhost:{peer.Port}")).Outcome.ShouldBe(DeliveryOutcome.Misconfigured);

            await File.WriteAllTextAsync(trusted, other.ExportCertificatePem());
            (await SendTlsAsync($"https://localhost:{peer.Port}")).Outcome.ShouldBe(DeliveryOutcome.Misconfigured);

            await File.WriteAllTextAsync(trusted, "none");
            var options = OptionsAt("https://localhost");
            options.TrustedCertificates = trusted;
            TestServices.Errors(options).ShouldHaveSingleItem().Key.ShouldBe("connectors.c.trusted-certificates");
        }
        finally
        {
            File.Delete(trusted);
        }

        async Task<DeliveryResult> SendTlsAsync(string origin)
        {
            var options = OptionsAt(origin);
            options.TrustedCertificates = trusted;
            var services = TestServices.Create(resolve: (_, _) => Task.FromResult(new[] { IPAddress.Loopback }));
            return await TestServices.Connector(options, services).SendAsync(Pushes.Create(), CancellationToken.None);
        }
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_name_changes_no_more_than_texts(string name)
    {
        var services = TestServices.Create(TestServices.Templates(("default", Greeting)));
        var (_, usual) = await PostAsync(Pushes.Named("Ann"), services: services);
        var (result, request) = await PostAsync(Pushes.Named(name), services: services);

        if (result.Outcome == DeliveryOutcome.Rejected)
        {
            request.ShouldBeNull("what is refused must not be sent");
            return;
        }

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        request.ShouldNotBeNull().Path.ShouldBe(usual.ShouldNotBeNull().Path);
        request.Headers.Keys.ShouldBe(usual.Headers.Keys, ignoreOrder: true);
        Shape(request.Json).ShouldBe(Shape(usual.Json));
    }

    protected sealed override async Task<ScriptedPeer> StartPeerAsync(bool untrusted = false) =>
        await StartHttpPeerAsync(untrusted);

    private protected sealed override ConnectorOptions OptionsFor(int port, bool untrusted = false) =>
        OptionsAt($"{(untrusted ? "https" : "http")}://localhost:{port}");

    /// <summary>Sends one push to a peer; the request is null if none that is a push arrived.</summary>
    private protected async Task<(DeliveryResult Result, HttpRequestSeen? Request)> PostAsync(
        Push push,
        HttpReply? reply = null,
        Action<HttpConnectorOptions>? configure = null,
        ConnectorServices? services = null
    )
    {
        await using var peer = await StartHttpPeerAsync();
        peer.Reply = reply;
        var options = OptionsAt($"http://localhost:{peer.Port}");
        configure?.Invoke(options);
        var connector = services is null ? Connect(options) : TestServices.Connector(options, services);
        var result = await connector.SendAsync(push, CancellationToken.None);
        return (result, peer.Requests.LastOrDefault(request => Lookup(request) is null));
    }

    private async Task<HttpPeer> StartHttpPeerAsync(bool tls = false)
    {
        var peer = await HttpPeer.StartAsync(Answer, KeyHeader, tls);
        peer.Lookup = Lookup;
        return peer;
    }

    /// <summary>The names and kinds in a document, in order, without its texts and without counting items.</summary>
    private static string Shape(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(Shape))}}}",
            JsonValueKind.Array =>
                $"[{string.Join(',', element.EnumerateArray().Select(Shape).Distinct(StringComparer.Ordinal))}]",
            var kind => kind.ToString(),
        };

    private static string Shape(JsonProperty member) => $"{member.Name}:{Shape(member.Value)}";
}
