using System.Net;
using System.Net.Security;
using System.Text;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// One conversation with a mail server by RFC 5321, 2920, 3207 and 4954. What the server refuses is a result; a broken
/// connection is an exception, after which only <see cref="MaybeTaken"/> and disposing make sense. Not thread-safe.
/// </summary>
internal sealed class SmtpConnection(EmailOptions options, GuardedDialer dialer, TrustStore trust) : IAsyncDisposable
{
    private readonly HiddenWords _hidden = new(SecretsOf(options));
    private Stream? _stream;
    private SmtpChannel? _channel;
    private Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether another message may follow.</summary>
    public bool IsUsable { get; private set; }

    public int Messages { get; private set; }

    /// <summary>The end of the message is on its way and the server's verdict has not come.</summary>
    public bool MaybeTaken { get; private set; }

    private SmtpChannel Channel => _channel ?? throw new InvalidOperationException("The connection is not open.");

    private bool IsEncrypted => _stream is SslStream;

    /// <summary>Connects, encrypts and logs in. Null when all of that went well.</summary>
    public async ValueTask<DeliveryResult?> OpenAsync(CancellationToken cancellationToken)
    {
        Use(await dialer.ConnectAsync(new DnsEndPoint(options.Host, options.Port), cancellationToken));
        if (options.Security == MailSecurity.Tls)
        {
            await EncryptAsync(cancellationToken);
        }

        var greeting = await Channel.ReadReplyAsync(cancellationToken);
        var refusal =
            (greeting.IsPositive ? null : greeting.Refusal(SmtpStage.Greeting, _hidden))
            ?? await HelloAsync(cancellationToken)
            ?? await StarttlsAsync(cancellationToken)
            ?? await LoginAsync(cancellationToken);
        IsUsable = refusal is null;
        return refusal;
    }

    /// <summary>Whether the connection still lives, and is ready for another message.</summary>
    public async ValueTask<bool> ResetAsync(CancellationToken cancellationToken)
    {
        var reply = await Channel.ExchangeAsync("RSET", cancellationToken);
        IsUsable = reply.IsPositive;
        return IsUsable;
    }

    /// <param name="onEnd">Called before the end of the message goes out, which the server may take long to answer.
    /// </param>
    public async ValueTask<DeliveryResult> SendAsync(Mail mail, Action onEnd, CancellationToken cancellationToken)
    {
        Messages++;
        string size = _extensions.ContainsKey("SIZE") ? $" SIZE={mail.Content.Length}" : "";
        string sender = $"MAIL FROM:<{mail.Sender}>{size}";
        string recipient = $"RCPT TO:<{mail.Recipient}>";
        var refusal = _extensions.ContainsKey("PIPELINING")
            ? await AnnounceAtOnceAsync(sender, recipient, mail, cancellationToken)
            : await CommandAsync(sender, SmtpStage.Sender, cancellationToken)
                ?? await CommandAsync(recipient, SmtpStage.Recipient, cancellationToken, mail.Recipient)
                ?? DataRefusal(await Channel.ExchangeAsync("DATA", cancellationToken), mail);
        return refusal ?? await SendContentAsync(mail, onEnd, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is null)
        {
            return;
        }

        try
        {
            if (IsUsable)
            {
                // Out of politeness. It fits into the socket's buffer, and nobody waits for the answer.
                await Channel.WriteAsync("QUIT\r\n"u8.ToArray(), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The server was quicker.
        }

        await _stream.DisposeAsync();
    }

    /// <summary>The commands before the content in one go, by RFC 2920: one round trip instead of three.</summary>
    private async ValueTask<DeliveryResult?> AnnounceAtOnceAsync(
        string sender,
        string recipient,
        Mail mail,
        CancellationToken cancellationToken
    )
    {
        await Channel.WriteAsync(Encoding.ASCII.GetBytes($"{sender}\r\n{recipient}\r\nDATA\r\n"), cancellationToken);
        var onSender = await Channel.ReadReplyAsync(cancellationToken);
        var onRecipient = await Channel.ReadReplyAsync(cancellationToken);
        var onData = await Channel.ReadReplyAsync(cancellationToken);
        var refusal =
            !onSender.IsPositive ? Refuse(onSender, SmtpStage.Sender)
            : !onRecipient.IsPositive ? Refuse(onRecipient, SmtpStage.Recipient, mail.Recipient)
            : DataRefusal(onData, mail);

        // A server that waits for the content of a message for nobody is left: an end of it might be taken for a mail.
        IsUsable &= refusal is null || onData.Code != 354;
        return refusal;
    }

    private DeliveryResult? DataRefusal(SmtpReply reply, Mail mail) =>
        reply.Code == 354 ? null : Refuse(reply, SmtpStage.Data, mail.Recipient);

    /// <summary>Sends the content, which the server waits for.</summary>
    private async ValueTask<DeliveryResult> SendContentAsync(
        Mail mail,
        Action onEnd,
        CancellationToken cancellationToken
    )
    {
        await Channel.WriteAsync(DotStuffing.Apply(mail.Content), cancellationToken);
        onEnd();
        MaybeTaken = true;
        await Channel.WriteAsync(".\r\n"u8.ToArray(), cancellationToken);
        var reply = await Channel.ReadReplyAsync(cancellationToken);
        MaybeTaken = false;
        return reply.IsPositive ? DeliveryResult.Delivered : Refuse(reply, SmtpStage.Content, mail.Recipient);
    }

    private async ValueTask<DeliveryResult?> CommandAsync(
        string command,
        SmtpStage stage,
        CancellationToken cancellationToken,
        EmailAddress? recipient = null
    )
    {
        var reply = await Channel.ExchangeAsync(command, cancellationToken);
        return reply.IsPositive ? null : Refuse(reply, stage, recipient);
    }

    private DeliveryResult Refuse(SmtpReply reply, SmtpStage stage, EmailAddress? recipient = null)
    {
        IsUsable &= reply.Code != 421; // the server closes the connection
        return reply.Refusal(stage, _hidden, recipient);
    }

    private async ValueTask<DeliveryResult?> HelloAsync(CancellationToken cancellationToken)
    {
        var reply = await Channel.ExchangeAsync($"EHLO {options.HelloName}", cancellationToken);
        if (!reply.IsPositive)
        {
            return reply.Refusal(SmtpStage.Hello, _hidden);
        }

        _extensions = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in reply.Text.Split('\n').Skip(1))
        {
            string[] words = line.Replace('=', ' ').Split(' ', 2); // "AUTH=LOGIN" is an old spelling
            _extensions[words[0]] = words.Length > 1 ? words[1] : "";
        }

        return null;
    }

    private async ValueTask<DeliveryResult?> StarttlsAsync(CancellationToken cancellationToken)
    {
        if (IsEncrypted || options.Security == MailSecurity.None)
        {
            return null;
        }

        if (!_extensions.ContainsKey("STARTTLS"))
        {
            return options.Security == MailSecurity.StarttlsIfOffered
                ? null
                : DeliveryResult.Misconfigured("The server offers no STARTTLS.");
        }

        var reply = await Channel.ExchangeAsync("STARTTLS", cancellationToken);
        if (!reply.IsPositive)
        {
            return reply.Refusal(SmtpStage.Starttls, _hidden);
        }

        if (Channel.HasUnread)
        {
            // Somebody in between would have its words taken for the server's, once encrypted.
            return DeliveryResult.Misconfigured("The server spoke between STARTTLS and TLS.");
        }

        await EncryptAsync(cancellationToken);
        return await HelloAsync(cancellationToken);
    }

    private async ValueTask<DeliveryResult?> LoginAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Username))
        {
            return null;
        }

        if (!IsEncrypted && !options.AllowPlaintextLogin)
        {
            return DeliveryResult.Misconfigured("The connection is not encrypted, so the password is not sent.");
        }

        string[] mechanisms = _extensions.GetValueOrDefault("AUTH", "").ToUpperInvariant().Split(' ');
        string password = options.Password?.Reveal() ?? "";
        if (mechanisms.Contains("PLAIN"))
        {
            string plain = PlainLogin(options.Username, password);
            return await CommandAsync($"AUTH PLAIN {plain}", SmtpStage.Login, cancellationToken);
        }

        return mechanisms.Contains("LOGIN")
            ? await AnswerPromptsAsync(["AUTH LOGIN", Base64(options.Username), Base64(password)], cancellationToken)
            : DeliveryResult.Misconfigured("The server offers neither AUTH PLAIN nor AUTH LOGIN.");
    }

    private async ValueTask<DeliveryResult?> AnswerPromptsAsync(string[] answers, CancellationToken cancellationToken)
    {
        SmtpReply reply = default;
        for (int i = 0; i < answers.Length && (i == 0 || reply.Code == 334); i++)
        {
            reply = await Channel.ExchangeAsync(answers[i], cancellationToken);
        }

        return reply.IsPositive ? null : Refuse(reply, SmtpStage.Login);
    }

    private async ValueTask EncryptAsync(CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(_stream!, leaveInnerStreamOpen: false);
        Use(encrypted);
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = options.Host,
                CertificateChainPolicy = trust.CreatePolicy(),
            },
            cancellationToken
        );
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _channel = new SmtpChannel(stream, _hidden);
    }

    /// <summary>The password, in all the ways in which it is sent.</summary>
    private static IEnumerable<Secret> SecretsOf(EmailOptions options)
    {
        if (options.Username is not { Length: > 0 } username || options.Password is not { } password)
        {
            return [];
        }

        string plain = PlainLogin(username, password.Reveal());
        return [password, new(plain), new(Base64(username)), new(Base64(password.Reveal()))];
    }

    private static string PlainLogin(string username, string password) => Base64($"\0{username}\0{password}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
