using System.Net;
using System.Net.Sockets;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Connectors.Tests.Email;

public sealed class EmailConnectorTests : PortConnectorConformance
{
    public override string ConnectorType => "email";

    protected override TimeSpan? RateLimitWait => null;

    [Fact]
    public async Task The_conversation_is_greeting_login_and_one_message()
    {
        var (result, peer) = await SendAsync();

        result.ShouldBe(DeliveryResult.Delivered);
        peer.Commands.ShouldBe([
            "EHLO localhost",
            "AUTH PLAIN AHVzZXIAcMOkc3M=",
            $"MAIL FROM:<shop@example.com> SIZE={peer.Received[0].Body.Length}",
            "RCPT TO:<ann@example.com>",
            "DATA",
            "QUIT",
        ]);
    }

    [Fact]
    public async Task Login_answers_prompts_where_plain_is_not_offered()
    {
        var (result, peer) = await SendAsync(peer =>
        {
            peer.Extensions = "250 AUTH=LOGIN";
            peer.Replies["AUTH LOGIN"] = "334 VXNlcm5hbWU6";
            peer.Replies["dXNlcg=="] = "334 UGFzc3dvcmQ6";
            peer.Replies["cMOkc3M="] = "235 welcome";
        });

        result.ShouldBe(DeliveryResult.Delivered);
        peer.Commands.Take(4).ShouldBe(["EHLO localhost", "AUTH LOGIN", "dXNlcg==", "cMOkc3M="]);
    }

    [Theory]
    [InlineData("greeting", "554 no", DeliveryOutcome.Misconfigured)]
    [InlineData("greeting", "421 later", DeliveryOutcome.Retry)]
    [InlineData("greeting", "SSH-2.0-OpenSSH", DeliveryOutcome.Retry)]
    [InlineData("EHLO", "502 what", DeliveryOutcome.Misconfigured)]
    [InlineData("EHLO", "250 nothing more", DeliveryOutcome.Misconfigured)]
    [InlineData("EHLO", "250 AUTH CRAM-MD5", DeliveryOutcome.Misconfigured)]
    [InlineData("AUTH", "535 5.7.8 wrong", DeliveryOutcome.Misconfigured)]
    [InlineData("AUTH", "538 5.7.11 encrypt", DeliveryOutcome.Misconfigured)]
    [InlineData("AUTH", "454 4.7.0 later", DeliveryOutcome.Retry)]
    [InlineData("AUTH", "334 more", DeliveryOutcome.Retry)]
    [InlineData("MAIL", "530 5.7.0 login first", DeliveryOutcome.Misconfigured)]
    [InlineData("MAIL", "550 5.7.1 sender refused", DeliveryOutcome.Misconfigured)]
    [InlineData("MAIL", "552 5.3.4 too large", DeliveryOutcome.Rejected)]
    [InlineData("MAIL", "452 4.3.1 full", DeliveryOutcome.Retry)]
    [InlineData("RCPT", "550-5.1.1 The mailbox\r\n550 5.1.1 is unknown", DeliveryOutcome.Rejected)]
    [InlineData("RCPT", "553 5.1.3 bad", DeliveryOutcome.Rejected)]
    [InlineData("RCPT", "450 4.2.1 busy", DeliveryOutcome.Retry)]
    [InlineData("RCPT", "471 4.9.9 odd", DeliveryOutcome.Retry)]
    [InlineData("RCPT", "530 5.7.0 login first", DeliveryOutcome.Misconfigured)]
    [InlineData("RCPT", "550-5.1.1 one\r\n551 other", DeliveryOutcome.Retry)]
    [InlineData("DATA", "451 later", DeliveryOutcome.Retry)]
    [InlineData("DATA", "554 no", DeliveryOutcome.Rejected)]
    [InlineData("DATA", "250 what", DeliveryOutcome.Retry)]
    [InlineData(".", "250", DeliveryOutcome.Delivered)]
    [InlineData(".", "251 forwarded", DeliveryOutcome.Delivered)]
    [InlineData(".", "451 4.3.0 later", DeliveryOutcome.Retry)]
    [InlineData(".", "554 5.6.0 content", DeliveryOutcome.Rejected)]
    [InlineData(".", "354 what", DeliveryOutcome.Unknown)]
    [InlineData(".", "99 what", DeliveryOutcome.Unknown)]
    [InlineData(".", "", DeliveryOutcome.Unknown)]
    public async Task Every_reply_has_its_meaning(string command, string reply, DeliveryOutcome expected)
    {
        var (result, _) = await SendAsync(peer => peer.Replies[command] = reply);

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 unknown", true)]
    [InlineData("RCPT", "550-5.1.1 The mailbox\r\n550 5.1.1 is unknown", true)]
    [InlineData("RCPT", "550 5.1.2 no such domain", true)]
    [InlineData("RCPT", "553 5.1.3 bad syntax", true)]
    [InlineData("RCPT", "551 5.1.6 moved", true)]
    [InlineData("RCPT", "556 5.1.10 takes no mail", true)]
    [InlineData(".", "550 5.1.1 unknown after all", true)]
    [InlineData("RCPT", "550 no such user", false)]
    [InlineData("RCPT", "550 5.1.0 something", false)]
    [InlineData("RCPT", "550 5.1.8 your domain does not exist", false)]
    [InlineData("RCPT", "550 5.7.1 not from you", false)]
    [InlineData("RCPT", "550 5.2.1 disabled", false)]
    [InlineData("RCPT", "450 4.1.1 perhaps unknown", false)]
    [InlineData("MAIL", "550 5.1.1 you are unknown", false)]
    public async Task An_address_at_fault_is_named_as_the_push_has_it(string command, string reply, bool expected)
    {
        var (result, _) = await SendAsync(
            peer => peer.Replies[command] = reply,
            push: Pushes.Create(profile: """{ "name": "Ann", "email": "Ann@Example.COM" }""")
        );

        result.AtFault.ShouldBe(expected ? new Suppression("email", "ann@example.com") : null);
    }

    [Fact]
    public async Task The_servers_words_are_reported_on_one_line()
    {
        var (result, _) = await SendAsync(peer =>
            peer.Replies["RCPT"] = "550-5.1.1 No\r\n550-such\u001b[2J\r\n550 user"
        );

        result.Detail.ShouldBe("SMTP recipient: 550 5.1.1 No such [2J user");
    }

    [Fact]
    public async Task An_endless_reply_is_not_read_to_its_end()
    {
        var (result, _) = await SendAsync(peer => peer.Replies["RCPT"] = "550-" + new string('x', 100_000));

        result.Outcome.ShouldBe(DeliveryOutcome.Retry);
        result.Detail.ShouldContain("longer than");
    }

    [Fact]
    public async Task Messages_share_a_connection_with_a_reset_between_them()
    {
        await using var peer = new SmtpPeer();
        var connector = Connector(peer.Port);

        peer.Conduct = Conduct.Refuse;
        await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        peer.Conduct = Conduct.Accept;
        await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        peer.Connections.ShouldBe(1);
        peer.Received.Count.ShouldBe(2);
        peer.Commands.Count(command => command == "RSET").ShouldBe(2);
    }

    [Theory]
    [InlineData("421 closing")]
    [InlineData("502 unknown")]
    public async Task A_connection_that_cannot_be_reset_is_replaced(string reply)
    {
        await using var peer = new SmtpPeer { Replies = { ["RSET"] = reply } };
        var connector = Connector(peer.Port);

        await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        var second = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        second.ShouldBe(DeliveryResult.Delivered);
        peer.Connections.ShouldBe(2);
        peer.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Where_it_is_offered_commands_go_out_together()
    {
        await using var peer = new SmtpPeer { Extensions = "250-PIPELINING\r\n250 AUTH PLAIN", AnswersInOneGo = true };
        var connector = Connector(peer.Port);

        (await connector.SendAsync(Pushes.Create(), CancellationToken.None)).ShouldBe(DeliveryResult.Delivered);
        (await connector.SendAsync(Pushes.Create(), CancellationToken.None)).ShouldBe(DeliveryResult.Delivered);

        peer.Connections.ShouldBe(1);
        peer.Received.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 not you", "354 go on", DeliveryOutcome.Misconfigured, 2)]
    [InlineData("RCPT", "550 5.1.1 nobody", "354 go on", DeliveryOutcome.Rejected, 2)]
    [InlineData("RCPT", "450 4.2.0 greylisted", "503 5.5.1 no recipient", DeliveryOutcome.Retry, 1)]
    [InlineData("RCPT", "250 yes", "451 4.3.0 not now", DeliveryOutcome.Retry, 1)]
    public async Task Of_commands_sent_together_the_first_refusal_counts(
        string command,
        string reply,
        string onData,
        DeliveryOutcome expected,
        int connections
    )
    {
        await using var peer = new SmtpPeer
        {
            Extensions = "250-PIPELINING\r\n250 AUTH PLAIN",
            Replies = { [command] = reply, ["DATA"] = onData },
        };
        var connector = Connector(peer.Port);

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        peer.Replies.Clear();
        var second = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(expected);
        result.Detail.ShouldContain(reply == "250 yes" ? onData : reply);
        second.ShouldBe(DeliveryResult.Delivered);
        peer.Connections.ShouldBe(connections);
        peer.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_is_replaced_after_its_share_of_messages_and_after_idleness()
    {
        await using var peer = new SmtpPeer();
        var clock = new StoppedClock();
        var options = Options(peer.Port);
        options.MaxMessagesPerConnection = 2;
        var connector = TestServices.Connector(options, TestServices.Create(time: clock));

        for (int i = 0; i < 3; i++)
        {
            await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        }

        peer.Connections.ShouldBe(2);
        clock.Ticks += TimeSpan.FromSeconds(31).Ticks;
        await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        peer.Connections.ShouldBe(3);
    }

    [Fact]
    public async Task No_more_connections_are_opened_than_configured()
    {
        await using var peer = new SmtpPeer { Conduct = Conduct.TakeAndHold };
        var options = Options(peer.Port);
        options.MaxConnections = 2;
        var connector = TestServices.Connector(options);
        var sending = Enumerable
            .Range(0, 6)
            .Select(_ => connector.SendAsync(Pushes.Create(), CancellationToken.None).AsTask())
            .ToList();
        await peer.WaitUntilTakenAsync();
        await peer.WaitUntilTakenAsync();

        peer.Release();

        (await Task.WhenAll(sending)).ShouldAllBe(result => result.Outcome == DeliveryOutcome.Delivered);
        peer.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_password_is_not_sent_readably()
    {
        var (result, peer) = await SendAsync(configure: options =>
        {
            options.AllowPlaintextLogin = false;
            options.Security = MailSecurity.StarttlsIfOffered;
        });

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured);
        peer.Commands.ShouldNotContain(command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    // The server would take mail of anybody: some clients then send it without the login that was asked for.
    [Theory]
    [InlineData("535 5.7.8 wrong password", "250-AUTH PLAIN LOGIN\r\n250 SIZE 1000000")]
    [InlineData("", "250 SIZE 1000000")]
    public async Task Without_the_login_that_is_configured_nothing_is_sent(string reply, string extensions)
    {
        var (result, peer) = await SendAsync(peer =>
        {
            peer.Extensions = extensions;
            if (reply.Length > 0)
            {
                peer.Replies["AUTH"] = reply;
            }
        });

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, result.Detail);
        peer.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_acknowledgement_leaves_the_outcome_unknown_and_the_same_mail_is_sent_again()
    {
        await using var peer = new SmtpPeer { Conduct = Conduct.TakeAndHangUp };
        var connector = Connector(peer.Port);

        var first = await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        peer.Conduct = Conduct.Accept;
        var second = await connector.SendAsync(Pushes.Create() with { Attempts = 1 }, CancellationToken.None);

        first.Outcome.ShouldBe(DeliveryOutcome.Unknown, first.Detail);
        second.ShouldBe(DeliveryResult.Delivered);
        peer.Received.Count.ShouldBe(2);
        peer.Received[1].Body.ShouldBe(peer.Received[0].Body);
        peer.Received[0].Key.ShouldBe($"Message-ID: <{Pushes.Id}@example.com>");
    }

    [Fact]
    public async Task A_server_may_take_its_time_to_answer_the_end_of_a_message()
    {
        await using var peer = new SmtpPeer { Conduct = Conduct.TakeAndHold };
        var connector = TestServices.Connector(Options(peer.Port), TestServices.Create(time: Clock));
        var sending = connector.SendAsync(Pushes.Create(), CancellationToken.None).AsTask();
        await peer.WaitUntilTakenAsync();

        Clock.Advance(TimeSpan.FromSeconds(20));
        sending.IsCompleted.ShouldBeFalse();
        peer.Release();

        (await sending).ShouldBe(DeliveryResult.Delivered);
        peer.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_comes_before_the_end_of_a_message_has_the_usual_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = Options(((IPEndPoint)listener.LocalEndpoint).Port);
        var connector = TestServices.Connector(options, TestServices.Create(time: Clock));
        var sending = connector.SendAsync(Pushes.Create(), CancellationToken.None).AsTask();
        using var silent = await listener.AcceptTcpClientAsync();

        Clock.Advance(options.Timeout);

        (await sending).ShouldBe(DeliveryResult.Retry("Not sent: no reply in time."));
    }

    [Fact]
    public void The_relay_waits_for_the_last_answer_unless_it_is_told_otherwise()
    {
        var options = Options(25);
        var usual = new RelayOptions();

        options.RelayOver(usual).AttemptTimeout.ShouldBe(TimeSpan.FromSeconds(615));
        options.RelayOver(usual with { AttemptTimeout = TimeSpan.FromHours(1) }).AttemptTimeout.TotalHours.ShouldBe(1);
        options.Relay = new() { AttemptTimeout = TimeSpan.FromSeconds(30) };
        options.RelayOver(usual).AttemptTimeout.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Nothing_is_sent_where_starttls_is_required_and_not_offered()
    {
        var (result, peer) = await SendAsync(configure: options => options.Security = MailSecurity.Starttls);

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured);
        result.Detail.ShouldContain("STARTTLS");
        peer.Commands.ShouldBe(["EHLO localhost"]);
    }

    [Fact]
    public async Task Words_slipped_in_before_tls_are_not_taken_for_the_servers()
    {
        var (result, _) = await SendAsync(
            peer =>
            {
                peer.Extensions = "250 STARTTLS";
                peer.Replies["STARTTLS"] = "220 go ahead\r\n250 injected";
            },
            options => options.Security = MailSecurity.Starttls
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured);
        result.Detail.ShouldContain("between STARTTLS and TLS");
    }

    [Theory]
    [InlineData("""{ "name": "Ann" }""", "'profile.email' is missing")]
    [InlineData("""{ "email": "" }""", "'profile.email' is missing")]
    [InlineData("""{ "email": null }""", "'profile.email' is missing")]
    [InlineData("""{ "email": ["a@b.example"] }""", "'profile.email' is missing")]
    [InlineData("""{ "email": "ann" }""", "holds no address")]
    [InlineData("""{ "email": "a@b.example\r\nRCPT TO:<all@b.example>" }""", "holds no address")]
    [InlineData("""{ "email": "a@b.example> SIZE=1" }""", "holds no address")]
    public async Task A_customer_without_a_proper_address_is_not_written_to(string profile, string reason)
    {
        var (result, peer) = await SendAsync(push: Pushes.Create(profile));

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain(reason);
        peer.Commands.ShouldBeEmpty();
    }

    [Fact]
    public void Options_are_checked()
    {
        var errors = TestServices.Errors(
            new EmailOptions
            {
                Port = 0,
                Security = MailSecurity.None,
                Username = "u",
                Password = new("p"),
                ReplyTo = "nobody",
                MessageIdDomain = "a b",
                HelloName = "x y",
                MaxConnections = 0,
                MaxMessagesPerConnection = 0,
                IdleTimeout = TimeSpan.FromHours(1),
                FinalReplyTimeout = TimeSpan.Zero,
                Recipient = "",
                TrustedCertificates = "/nonexistent.pem",
            }
        );

        errors
            .Select(error => error.Key["connectors.c.".Length..])
            .ShouldBe([
                "host",
                "port",
                "security",
                "from",
                "reply-to",
                "recipient",
                "message-id-domain",
                "hello-name",
                "max-connections",
                "max-messages-per-connection",
                "idle-timeout",
                "final-reply-timeout",
                "trusted-certificates",
            ]);
    }

    protected override TimeSpan AttemptTimeout => TimeSpan.FromMinutes(10);

    protected override Task<ScriptedPeer> StartPeerAsync(bool untrusted = false) =>
        Task.FromResult<ScriptedPeer>(new SmtpPeer(untrusted ? TestCertificate.Create("localhost") : null));

    private protected override ConnectorOptions OptionsFor(int port, bool untrusted = false)
    {
        var options = Options(port);
        options.Security = untrusted ? MailSecurity.Starttls : MailSecurity.None;
        return options;
    }

    private static EmailOptions Options(int port) =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            Security = MailSecurity.None,
            Username = "user",
            Password = new("päss"),
            AllowPlaintextLogin = true,
            From = "Shop <shop@example.com>",
        };

    private static IConnector Connector(int port) => TestServices.Connector(Options(port));

    private static async Task<(DeliveryResult Result, SmtpPeer Peer)> SendAsync(
        Action<SmtpPeer>? script = null,
        Action<EmailOptions>? configure = null,
        Push? push = null
    )
    {
        await using var peer = new SmtpPeer();
        script?.Invoke(peer);
        var options = Options(peer.Port);
        configure?.Invoke(options);
        var connector = TestServices.Connector(options);
        var result = await connector.SendAsync(push ?? Pushes.Create(), CancellationToken.None);
        await ((IAsyncDisposable)connector).DisposeAsync();
        await peer.WaitUntilLeftAsync();
        return (result, peer);
    }

    /// <summary>Real timers, and a stopwatch that is moved by hand.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
