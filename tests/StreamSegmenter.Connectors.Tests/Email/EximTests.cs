using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Email;

/// <summary>The connector against a real mail server, its mail read by a parser that is not ours.</summary>
public sealed class EximTests
{
    [NeedsFact("exim4", "python3")]
    public async Task Mail_arrives_encrypted_and_authenticated()
    {
        await using var exim = await EximServer.StartAsync();
        var connector = Connector(exim);

        var result = await connector.SendAsync(Pushes.Named("Zoë <b>&</b> 😀"), CancellationToken.None);
        var again = await connector.SendAsync(Pushes.Named("Zoë <b>&</b> 😀"), CancellationToken.None);

        result.ShouldBe(DeliveryResult.Delivered);
        again.ShouldBe(DeliveryResult.Delivered);
        var mails = await exim.WaitForMailAsync(2);
        foreach (var mail in mails)
        {
            mail.Defects.ShouldBeEmpty();
            mail.Header("From").ShouldBe("Café Example <shop@example.com>");
            mail.Header("To").ShouldBe("ann@example.com");
            mail.Header("Reply-To").ShouldBe("\"Help, please\" <help@example.com>");
            mail.Header("Envelope-to").ShouldBe("ann@example.com");
            mail.Header("Return-path").ShouldBe("<shop@example.com>");
            mail.Header("Subject").ShouldBe("Zoë <b>&</b> 😀, welcome");
            mail.Header("Date").ShouldBe("Fri, 31 Jan 2020 12:00:00 +0000");
            mail.Header("List-Unsubscribe").ShouldBe($"<https://example.com/out/{Pushes.Id}?c=u1>");
            mail.Header("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
            mail.Header("Message-ID").ShouldBe($"<{Pushes.Id}@example.com>");
            mail.Parts.ShouldBe([
                new("text/plain", "Hello Zoë <b>&</b> 😀,\n.\n..two dots\n"),
                new("text/html", "<p>Hello Zoë &lt;b&gt;&amp;&lt;/b&gt; 😀</p>\n"),
            ]);
        }

        exim.Log().ShouldContain("A=plain:shop");
        exim.Log().ShouldContain("X=TLS1.");
    }

    [NeedsFact("exim4", "python3")]
    public async Task The_servers_verdicts_are_understood_and_do_not_disturb_other_mail()
    {
        await using var exim = await EximServer.StartAsync();
        var connector = Connector(exim);
        (string Address, string Name, DeliveryOutcome Outcome)[] cases =
        [
            ("unknown@example.com", "Ann", DeliveryOutcome.Rejected),
            ("busy@example.com", "Ann", DeliveryOutcome.Retry),
            ("closing@example.com", "Ann", DeliveryOutcome.Retry),
            ("ann@example.com", "SPAM", DeliveryOutcome.Rejected),
            ("ann@example.com", "LATER", DeliveryOutcome.Retry),
            ("ann@example.com", new string('x', 200_000), DeliveryOutcome.Rejected),
            ("ann@example.com", "Ann", DeliveryOutcome.Delivered),
        ];

        foreach (var (address, name, outcome) in cases)
        {
            var push = Pushes.Create($$"""{ "name": "{{name}}", "email": "{{address}}" }""");
            var result = await connector.SendAsync(push, CancellationToken.None);
            result.Outcome.ShouldBe(outcome, result.Detail);
        }

        (await exim.WaitForMailAsync(1)).Count.ShouldBe(1);
    }

    [NeedsFact("exim4", "python3")]
    public async Task Greylisting_is_waited_out_and_the_mail_arrives_once()
    {
        await using var exim = await EximServer.StartAsync();
        var push = Pushes.Create("""{ "name": "Ann", "email": "grey@example.com" }""");

        var run = await RelayRun.DeliverAsync(Connector(exim), push);

        run.Attempts.Select(attempt => attempt.Outcome).ShouldBe([DeliveryOutcome.Retry, DeliveryOutcome.Delivered]);
        run.Attempts[0].Detail.ShouldContain("451 4.7.1");
        run.End.ShouldBeOfType<OutboxUpdate.Delivered>();
        var mail = (await exim.WaitForMailAsync(1)).ShouldHaveSingleItem();
        mail.Header("Date").ShouldBe("Sat, 01 Feb 2020 08:30:59 +0000"); // when the push was made
        mail.Header("Message-ID").ShouldBe($"<{Pushes.Id}@example.com>");
    }

    [NeedsFact("exim4", "python3")]
    public async Task Login_by_prompts_is_understood_where_it_is_all_that_is_offered()
    {
        await using var exim = await EximServer.StartAsync();

        // Exim offers this client nothing else: see exim.conf.
        var result = await Connector(exim, options => options.HelloName = "prompts.example")
            .SendAsync(Pushes.Create(), CancellationToken.None);
        var wrongPassword = await Connector(
                exim,
                options => (options.HelloName, options.Password) = ("prompts.example", new("guess"))
            )
            .SendAsync(Pushes.Create(), CancellationToken.None);

        result.ShouldBe(DeliveryResult.Delivered);
        wrongPassword.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, wrongPassword.Detail);
        wrongPassword.Detail.ShouldContain("535");
        await exim.WaitForMailAsync(1);
        exim.Log().ShouldContain("A=login:shop");
    }

    [NeedsFact("exim4", "python3")]
    public async Task Mail_goes_out_over_TLS_from_the_first_byte()
    {
        await using var exim = await EximServer.StartAsync(tlsOnConnect: true);

        var result = await Connector(exim, options => options.Security = MailSecurity.Tls)
            .SendAsync(Pushes.Create(), CancellationToken.None);

        result.ShouldBe(DeliveryResult.Delivered);
        await exim.WaitForMailAsync(1);
        exim.Log().ShouldContain("X=TLS1.");
        exim.Log().ShouldContain("P=esmtpsa");
    }

    [NeedsFact("exim4")]
    public async Task Wrong_credentials_and_unknown_authorities_are_the_settings_fault()
    {
        await using var exim = await EximServer.StartAsync();

        var wrongPassword = await Connector(exim, options => options.Password = new("guess"))
            .SendAsync(Pushes.Create(), CancellationToken.None);
        var noLogin = await Connector(exim, options => (options.Username, options.Password) = (null, null))
            .SendAsync(Pushes.Create(), CancellationToken.None);
        var notTrusted = await Connector(exim, options => options.TrustedCertificates = null)
            .SendAsync(Pushes.Create(), CancellationToken.None);
        var otherName = await Connector(exim, options => options.Host = "ip6-localhost.example")
            .SendAsync(Pushes.Create(), CancellationToken.None);

        wrongPassword.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, wrongPassword.Detail);
        wrongPassword.Detail.ShouldContain("535");
        noLogin.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, noLogin.Detail);
        notTrusted.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, notTrusted.Detail);
        otherName.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, otherName.Detail);
    }

    private static IConnector Connector(EximServer exim, Action<EmailOptions>? configure = null)
    {
        var options = new EmailOptions
        {
            Host = "localhost",
            Port = exim.Port,
            Username = "shop",
            Password = new("s3cret"),
            TrustedCertificates = exim.Certificate,
            From = "Café Example <shop@example.com>",
            ReplyTo = "\"Help, please\" <help@example.com>",
            Template = "welcome",
            UnsubscribeUrl = "https://example.com/out/{{push.id}}?c={{customer}}",
        };
        configure?.Invoke(options);
        var template = new TemplateOptions
        {
            Subject = "{{profile.name}}, welcome",
            Text = "Hello {{profile.name}},\n.\n..two dots",
            Html = "<p>Hello {{profile.name}}</p>",
        };
        var services = TestServices.Create(
            TestServices.Templates(("welcome", template)),
            resolve: (_, _) => Task.FromResult(new[] { System.Net.IPAddress.Loopback })
        );
        return TestServices.Connector(options, services);
    }
}
