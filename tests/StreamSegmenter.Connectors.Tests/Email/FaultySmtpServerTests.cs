using System.Text;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Connectors.Tests.Email;

/// <summary>The connector against a mail server of others that makes the faults which a correct one does not.</summary>
public sealed class FaultySmtpServerTests
{
    [NeedsFaultySmtpServerFact]
    public async Task A_mail_that_was_stored_without_an_answer_is_sent_again_byte_for_byte()
    {
        await using var server = await FaultySmtpServer.StartAsync();
        var connector = Connector(server);
        var push = To("lostack@example.com");

        var first = await connector.SendAsync(push, CancellationToken.None);
        var second = await connector.SendAsync(push with { Attempts = 1 }, CancellationToken.None);
        var restarted = await Connector(server).SendAsync(push with { Attempts = 2 }, CancellationToken.None);
        var other = await connector.SendAsync(To("ann@example.com"), CancellationToken.None);

        first.Outcome.ShouldBe(DeliveryOutcome.Unknown, first.Detail);
        second.Outcome.ShouldBe(DeliveryOutcome.Unknown, second.Detail);
        restarted.Outcome.ShouldBe(DeliveryOutcome.Unknown, restarted.Detail);
        other.ShouldBe(DeliveryResult.Delivered);
        var stored = server.Stored();
        stored.Count.ShouldBe(4);
        stored[1].ShouldBe(stored[0]);
        stored[2].ShouldBe(stored[0]);
        var mails = await MailReader.ReadAsync(stored);
        mails.ShouldAllBe(mail => mail.Header("Message-ID") == $"<{Pushes.Id}@example.com>");
        mails.ShouldAllBe(mail => mail.Defects.Count == 0);
        mails[0].Header("X-Env-To").ShouldBe("lostack@example.com");
    }

    [NeedsFaultySmtpServerFact]
    public async Task What_a_relay_does_about_a_lost_answer_is_for_the_settings_to_say()
    {
        await using var server = await FaultySmtpServer.StartAsync();
        var push = To("lostack@example.com");

        var once = await RelayRun.DeliverAsync(
            Connector(server),
            push,
            new() { WhenUnknown = WhenUnknown.PreferLoss, KeyLifetime = TimeSpan.Zero }
        );
        int mailsOfOne = server.Stored().Count;
        var thrice = await RelayRun.DeliverAsync(Connector(server), push, new() { MaxAttempts = 3 });

        once.End.ShouldBeOfType<OutboxUpdate.Unknown>();
        mailsOfOne.ShouldBe(1);
        thrice.End.ShouldBeOfType<OutboxUpdate.Dead>().Attempts.ShouldBe(3);
        thrice.Attempts.ShouldAllBe(attempt => attempt.Outcome == DeliveryOutcome.Unknown);
        server.Stored().ShouldAllBe(mail => mail.SequenceEqual(server.Stored()[0]));
        server.Stored().Count.ShouldBe(4);
    }

    [NeedsFaultySmtpServerFact]
    public async Task A_mail_that_was_dropped_without_an_answer_is_not_known_to_be()
    {
        await using var server = await FaultySmtpServer.StartAsync();

        var result = await Connector(server).SendAsync(To("dropdata@example.com"), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Unknown, result.Detail);
        server.Stored().ShouldBeEmpty();
    }

    [NeedsFaultySmtpServerFact]
    public async Task Refusals_for_now_are_waited_out_and_the_mail_is_stored_once()
    {
        await using var server = await FaultySmtpServer.StartAsync();

        var run = await RelayRun.DeliverAsync(Connector(server), To("flaky@example.com"));

        run.End.ShouldBeOfType<OutboxUpdate.Delivered>();
        run.Attempts.Select(attempt => attempt.Outcome)
            .ShouldBe([DeliveryOutcome.Retry, DeliveryOutcome.Retry, DeliveryOutcome.Delivered]);
        run.Attempts[0].Detail.ShouldContain("450 4.2.0 try 1");
        server.Stored().Count.ShouldBe(1);
    }

    [NeedsFaultySmtpServerFact]
    public async Task Odd_replies_are_understood_by_their_class()
    {
        await using var server = await FaultySmtpServer.StartAsync();
        var connector = Connector(server);

        var odd = await connector.SendAsync(To("badcode@example.com"), CancellationToken.None);
        var unknown = await connector.SendAsync(To("multi@example.com"), CancellationToken.None);
        var full = await Connector(server, options => options.From = "full@example.com")
            .SendAsync(To("ann@example.com"), CancellationToken.None);
        var large = await connector.SendAsync(
            Pushes.Create($$"""{ "name": "{{new string('x', 200_000)}}", "email": "ann@example.com" }"""),
            CancellationToken.None
        );

        odd.Outcome.ShouldBe(DeliveryOutcome.Retry, odd.Detail);
        odd.Detail.ShouldContain("471 4.9.9");
        unknown.Outcome.ShouldBe(DeliveryOutcome.Rejected, unknown.Detail);
        unknown.AtFault.ShouldBe(new Suppression("email", "multi@example.com"));
        unknown.Detail.ShouldContain("does not exist. 5.1.1 Learn more at help.test");
        full.Outcome.ShouldBe(DeliveryOutcome.Retry, full.Detail);
        full.Detail.ShouldContain("452 4.3.1");
        large.Outcome.ShouldBe(DeliveryOutcome.Rejected, large.Detail);
        large.AtFault.ShouldBeNull();
        server.Stored().ShouldBeEmpty();
    }

    [NeedsFaultySmtpServerFact]
    public async Task A_server_that_stalls_holds_back_nobody_else()
    {
        await using var server = await FaultySmtpServer.StartAsync();
        var connector = Connector(server);
        using var patience = new CancellationTokenSource();
        var stalled = connector.SendAsync(To("stall@example.com"), patience.Token).AsTask();

        var other = await connector.SendAsync(To("ann@example.com"), CancellationToken.None);
        await patience.CancelAsync();

        other.ShouldBe(DeliveryResult.Delivered);
        (await stalled).Outcome.ShouldBe(DeliveryOutcome.Retry);
        server.Stored().Count.ShouldBe(1);
    }

    // The server would take the mail without any login: some clients then send it so.
    [NeedsFaultySmtpServerFact]
    public async Task Where_the_login_is_refused_nothing_is_sent()
    {
        await using var server = await FaultySmtpServer.StartAsync();

        var result = await Connector(server, options => options.Password = new("guess"))
            .SendAsync(To("ann@example.com"), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, result.Detail);
        result.Detail.ShouldContain("535");
        server.Stored().ShouldBeEmpty();
    }

    [NeedsFaultySmtpServerFact]
    public async Task A_login_or_encryption_that_is_missing_is_the_settings_fault()
    {
        await using var login = await FaultySmtpServer.StartAsync(requiresLogin: true);
        await using var encryption = await FaultySmtpServer.StartAsync(requiresTls: true);

        var noLogin = await Connector(login, options => (options.Username, options.Password) = (null, null))
            .SendAsync(To("ann@example.com"), CancellationToken.None);
        var noEncryption = await Connector(encryption, WithoutEncryption)
            .SendAsync(To("ann@example.com"), CancellationToken.None);
        var both = await Connector(login).SendAsync(To("ann@example.com"), CancellationToken.None);

        noLogin.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, noLogin.Detail);
        noEncryption.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, noEncryption.Detail);
        both.ShouldBe(DeliveryResult.Delivered);
        login.Stored().Count.ShouldBe(1);
        encryption.Stored().ShouldBeEmpty();
    }

    [NeedsFaultySmtpServerFact]
    public async Task Whoever_listens_learns_no_more_than_that_mail_is_sent()
    {
        await using var server = await FaultySmtpServer.StartAsync(requiresLogin: true, requiresTls: true);
        await using var tap = new WireTap(server.Port);

        var result = await Connector(server, options => options.Port = tap.Port)
            .SendAsync(To("ann@example.com"), CancellationToken.None);

        result.ShouldBe(DeliveryResult.Delivered);
        tap.Said.ShouldStartWith("EHLO localhost\r\nSTARTTLS\r\n\u0016\u0003"); // then a handshake of TLS
        AssertNothingReadable(tap.Said);
        var mail = (await MailReader.ReadAsync(server.Stored())).ShouldHaveSingleItem();
        mail.Header("X-Auth").ShouldBe(FaultySmtpServer.Username);
        mail.Header("X-TLS").ShouldBe("True");
    }

    // Who takes the offer away from the server's words must get neither the password nor the mail.
    [NeedsFaultySmtpServerFact]
    public async Task Where_the_offer_of_STARTTLS_is_taken_away_nothing_is_sent_readably()
    {
        await using var server = await FaultySmtpServer.StartAsync();
        await using var tap = new WireTap(
            server.Port,
            said => said.Replace("STARTTLS", "XXXXXXXX", StringComparison.Ordinal)
        );

        foreach (var security in new[] { MailSecurity.Starttls, MailSecurity.StarttlsIfOffered })
        {
            var result = await Connector(server, options => (options.Port, options.Security) = (tap.Port, security))
                .SendAsync(To("ann@example.com"), CancellationToken.None);

            result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, result.Detail);
        }

        AssertNothingReadable(tap.Said);
        tap.Said.ShouldNotContain("MAIL FROM");
        server.Stored().ShouldBeEmpty();
    }

    [NeedsFaultySmtpServerFact]
    public async Task A_server_without_a_certificate_gets_mail_only_where_that_is_permitted()
    {
        await using var server = await FaultySmtpServer.StartAsync(offersTls: false);

        var required = await Connector(server).SendAsync(To("ann@example.com"), CancellationToken.None);
        var permitted = await Connector(server, WithoutEncryption)
            .SendAsync(To("ann@example.com"), CancellationToken.None);

        required.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, required.Detail);
        permitted.ShouldBe(DeliveryResult.Delivered);
        server.Stored().Count.ShouldBe(1);
    }

    private static void AssertNothingReadable(string said)
    {
        string login = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"\0{FaultySmtpServer.Username}\0{FaultySmtpServer.Password}")
        );
        foreach (string secret in new[] { "AUTH", login, FaultySmtpServer.Password, "ann@", Pushes.Id, "Subject" })
        {
            said.ShouldNotContain(secret);
        }
    }

    private static void WithoutEncryption(EmailOptions options) =>
        (options.Security, options.Username, options.Password) = (MailSecurity.None, null, null);

    private static Push To(string address) => Pushes.Create($$"""{ "name": "Zoë", "email": "{{address}}" }""");

    private static IConnector Connector(FaultySmtpServer server, Action<EmailOptions>? configure = null)
    {
        var options = new EmailOptions
        {
            Host = "localhost",
            Port = server.Port,
            Username = FaultySmtpServer.Username,
            Password = new(FaultySmtpServer.Password),
            TrustedCertificates = server.Certificate,
            From = "Shop <shop@example.com>",
        };
        configure?.Invoke(options);
        var template = new TemplateOptions
        {
            Subject = "{{profile.name}}, welcome",
            Text = "Hello {{profile.name}}",
            Html = "<p>Hello {{profile.name}}</p>",
        };
        return TestServices.Connector(
            options,
            TestServices.Create(TestServices.Templates((TemplateSet.DefaultName, template)))
        );
    }
}
