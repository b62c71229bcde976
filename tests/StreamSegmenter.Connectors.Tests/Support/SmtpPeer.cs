using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>A mail server on loopback, for the faults that a real one does not make.</summary>
internal sealed class SmtpPeer : ScriptedPeer, IListeningPeer
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly List<string> _commands = [];
    private readonly ConcurrentQueue<Task> _conversations = new();
    private readonly Task _running;

    public SmtpPeer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    /// <summary>
    /// Replies that stand for the usual ones, by the beginning of the command; <c>"."</c> is the end of the message.
    /// </summary>
    public Dictionary<string, string> Replies { get; } = new(StringComparer.Ordinal);

    public string Extensions { get; set; } = "250-AUTH PLAIN LOGIN\r\n250 SIZE 1000000";

    /// <summary>Says nothing to MAIL and RCPT before it has DATA: who waits for an answer waits for ever.</summary>
    public bool AnswersInOneGo { get; set; }

    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_commands)
            {
                return [.. _commands];
            }
        }
    }

    /// <summary>Completes when every client has gone and all that it said was read.</summary>
    public async Task WaitUntilLeftAsync()
    {
        while (_conversations.TryDequeue(out var conversation))
        {
            await conversation.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Release();
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _conversations.Enqueue(ConverseAsync(client));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await WaitUntilLeftAsync();
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ConverseAsync(client.GetStream());
            }
            catch (Exception exception)
                when (exception
                        is IOException
                            or OperationCanceledException
                            or System.Security.Authentication.AuthenticationException
                )
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        var reader = new StreamReader(stream, Encoding.Latin1);
        string kept = "";
        await SayAsync(stream, Replies.GetValueOrDefault("greeting", "220 peer ESMTP"));
        while (await reader.ReadLineAsync(_stop.Token) is { } command)
        {
            lock (_commands)
            {
                _commands.Add(command);
            }

            if (command == "STARTTLS" && _certificate is not null)
            {
                await SayAsync(stream, "220 go ahead");
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsServerAsync(_certificate);
                (stream, reader) = (encrypted, new StreamReader(encrypted, Encoding.Latin1));
                continue;
            }

            string reply = ReplyTo(command);
            kept += reply + "\r\n";
            if (AnswersInOneGo && command.Split(' ')[0] is "MAIL" or "RCPT")
            {
                continue;
            }

            await SayAsync(stream, kept.TrimEnd());
            kept = "";
            if (reply.StartsWith("421", StringComparison.Ordinal) || command == "QUIT")
            {
                return;
            }

            if (reply.StartsWith("354", StringComparison.Ordinal) && !await TakeContentAsync(stream, reader))
            {
                return;
            }
        }
    }

    private string ReplyTo(string command) =>
        Replies.FirstOrDefault(reply => command.StartsWith(reply.Key, StringComparison.Ordinal)).Value
        ?? command.Split(' ', ':')[0] switch
        {
            "EHLO" => "250-peer\r\n" + (_certificate is null ? "" : "250-STARTTLS\r\n") + Extensions,
            "AUTH" => Conduct == Conduct.RefuseCredentials ? "535 5.7.8 no" : "235 2.7.0 yes",
            "RCPT" => Conduct switch
            {
                Conduct.FailForNow => "450 4.2.1 busy",
                Conduct.Refuse => "550 5.1.1 unknown",
                Conduct.LimitRate => "421 4.7.0 too many",
                _ => "250 2.1.5 ok",
            },
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };

    /// <summary>Whether the conversation goes on.</summary>
    private async Task<bool> TakeContentAsync(Stream stream, StreamReader reader)
    {
        var content = new StringBuilder();
        string? line;
        while ((line = await reader.ReadLineAsync(_stop.Token)) is not (null or "."))
        {
            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        if (line is null)
        {
            return false;
        }

        string text = content.ToString();
        string key = text.Split("\r\n").First(header => header.StartsWith("Message-ID:", StringComparison.Ordinal));
        Take(new(key, text));
        switch (Conduct)
        {
            case Conduct.TakeAndHangUp:
                return false;
            case Conduct.TakeAndBabble:
                await SayAsync(stream, "<html>");
                return true;
            case Conduct.TakeAndHold:
                await HoldAsync();
                break;
        }

        await SayAsync(stream, Replies.GetValueOrDefault(".", "250 2.0.0 queued"));
        return true;
    }

    private static async Task SayAsync(Stream stream, string line) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
}
