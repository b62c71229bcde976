using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Connectors.Email;

/// <summary>How the way to the mail server is secured.</summary>
public enum MailSecurity
{
    /// <summary>STARTTLS, or nothing is sent. The default.</summary>
    Starttls = 1,

    /// <summary>STARTTLS if the server offers it. Whoever sits in between can take the offer away.</summary>
    StarttlsIfOffered,

    /// <summary>TLS from the first byte, usually on port 465.</summary>
    Tls,

    /// <summary>Plain text.</summary>
    None,
}

/// <summary><c>type = email</c>: one message per push over SMTP.</summary>
public sealed class EmailOptions : ConnectorOptions
{
    /// <summary>The mail server. Required.</summary>
    public string Host { get; set; } = "";

    /// <summary>Default 587, the port for submission.</summary>
    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; } = MailSecurity.Starttls;

    /// <summary>
    /// A file of PEM certificates to trust instead of the system's, for a server with a certificate of its own
    /// authority.
    /// </summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>Whom to log in as; null to send without.</summary>
    public string? Username { get; set; }

    public Secret? Password { get; set; }

    /// <summary>Permits to log in over a connection that is not encrypted. Default false.</summary>
    public bool AllowPlaintextLogin { get; set; }

    /// <summary>
    /// Who writes: an address, or <c>Name &lt;address&gt;</c>. Also the envelope's sender, which bounces go to.
    /// Required.
    /// </summary>
    public string From { get; set; } = "";

    /// <summary>Where answers go, if not to <see cref="From"/>.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>Where the recipient's address is in the push. Default <c>profile.email</c>.</summary>
    public string Recipient { get; set; } = "profile.email";

    /// <summary>
    /// Where one click unsubscribes (RFC 8058), such as <c>https://example.com/unsubscribe/{{push.id}}</c>, or at a
    /// node itself, with <c>{{unsubscribe.token}}</c>; null for mail without.
    /// </summary>
    public string? UnsubscribeUrl { get; set; }

    /// <summary>What follows the @ in message ids. Default: the domain of <see cref="From"/>.</summary>
    public string? MessageIdDomain { get; set; }

    /// <summary>How this machine greets the server (EHLO). Default <c>localhost</c>.</summary>
    public string HelloName { get; set; } = "localhost";

    /// <summary>Connections open at once, 1 to 64. Default 4.</summary>
    public int MaxConnections { get; set; } = 4;

    /// <summary>Messages sent over one connection before it is replaced. Default 100.</summary>
    public int MaxMessagesPerConnection { get; set; } = 100;

    /// <summary>How long an idle connection is kept. Default 30 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the server may take to answer the end of a message, beyond <see cref="ConnectorOptions.Timeout"/>:
    /// until it answers, it may have taken the message, and to send it again is to send it twice (RFC 5321,
    /// 4.5.3.2.6). Default 10 min, at most 1 h.
    /// </summary>
    public TimeSpan FinalReplyTimeout { get; set; } = TimeSpan.FromMinutes(10);

    internal override TimeSpan LongestAttempt => Timeout + FinalReplyTimeout;

    internal override string? ReceiverPath => Recipient;

    internal override bool NeedsReceiver => true;

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Subject, TemplatePart.Text];

    internal override IReadOnlyList<TemplatePart> OptionalParts => [TemplatePart.Html];

    internal override string UsualChannel => Suppression.MailChannel;

    internal override string UsualPurpose => PurposeOptions.Service;

    internal override string AddressPath => Recipient;

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(IsHostName(Host), nameof(Host), "needs the name or the address of a mail server");
        errors.RequireRange(Port, 1, 65_535, nameof(Port));
        errors.Require(
            Enum.IsDefined(Security),
            nameof(Security),
            "is none of starttls, starttls-if-offered, tls, none"
        );
        errors.Require(
            string.IsNullOrEmpty(Username) == (Password is not { IsEmpty: false }),
            nameof(Password),
            "username and password go together"
        );
        errors.Require(
            string.IsNullOrEmpty(Username) || Security != MailSecurity.None || AllowPlaintextLogin,
            nameof(Security),
            "would send the password readably; use starttls, or set allow-plaintext-login = true"
        );
        errors.Require(
            Mailbox.TryParse(From, out _),
            nameof(From),
            "needs an address such as \"Shop <shop@example.com>\""
        );
        errors.Require(ReplyTo is null || Mailbox.TryParse(ReplyTo, out _), nameof(ReplyTo), "is no address");
        errors.Require(Recipient.Length > 0, nameof(Recipient), "needs a path such as profile.email");
        errors.Require(
            MessageIdDomain is null || EmailAddress.TryParse($"x@{MessageIdDomain}", out _),
            nameof(MessageIdDomain),
            "is no domain"
        );
        errors.Require(IsHostName(HelloName), nameof(HelloName), "is no host name");
        errors.RequireRange(MaxConnections, 1, 64, nameof(MaxConnections));
        errors.RequireRange(MaxMessagesPerConnection, 1, 100_000, nameof(MaxMessagesPerConnection));
        errors.RequireRange(IdleTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5), nameof(IdleTimeout));
        errors.RequireRange(
            FinalReplyTimeout,
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromHours(1),
            nameof(FinalReplyTimeout)
        );
        UnsubscribeLink.Compile(UnsubscribeUrl, templates, nameof(UnsubscribeUrl), errors);
        if (TrustStore.ProblemOf(TrustedCertificates) is { } problem)
        {
            errors.Add(nameof(TrustedCertificates), problem);
        }
    }

    internal override void Check(OptionErrors errors, ConnectorServices services)
    {
        base.Check(errors, services);
        UnsubscribeLink.CheckTokens(UnsubscribeUrl, services.Unsubscribe, nameof(UnsubscribeUrl), errors);
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new EmailConnector(this, new SmtpTransport(this, services), services);

    private static bool IsHostName(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
