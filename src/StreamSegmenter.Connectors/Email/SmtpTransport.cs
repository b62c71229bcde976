using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>Sends mail over a bounded pool of connections, the last used first.</summary>
internal sealed class SmtpTransport(EmailOptions options, ConnectorServices services) : IMailTransport, IAsyncDisposable
{
    private readonly GuardedDialer _dialer = new(services.Resolve, AddressReach.Inside);
    private readonly TrustStore _trust = new(options.TrustedCertificates);
    private readonly SemaphoreSlim _slots = new(options.MaxConnections);
    private readonly ConcurrentStack<(SmtpConnection Connection, long Since)> _idle = new();

    public async ValueTask<DeliveryResult> SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _slots.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return DeliveryResult.NotSent("Not sent: no connection was free in time.");
        }

        try
        {
            var connection = await ReuseAsync(either.Token) ?? new SmtpConnection(options, _dialer, _trust);
            return await SendAsync(
                connection,
                mail,
                onEnd: () => limit.CancelAfter(options.FinalReplyTimeout),
                either.Token
            );
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var idle))
        {
            await idle.Connection.DisposeAsync();
        }

        _slots.Dispose();
    }

    /// <summary>Ends with the connection either back in the pool or closed.</summary>
    private async ValueTask<DeliveryResult> SendAsync(
        SmtpConnection connection,
        Mail mail,
        Action onEnd,
        CancellationToken cancellationToken
    )
    {
        DeliveryResult result;
        bool isWhole = false;
        try
        {
            result =
                (connection.IsUsable ? null : await connection.OpenAsync(cancellationToken))
                ?? await connection.SendAsync(mail, onEnd, cancellationToken);
            isWhole = connection.IsUsable;
        }
        catch (Exception exception)
        {
            result = Classify(exception, connection.MaybeTaken, cancellationToken);
        }

        if (isWhole && connection.Messages < options.MaxMessagesPerConnection)
        {
            _idle.Push((connection, services.Time.GetTimestamp()));
        }
        else
        {
            await connection.DisposeAsync();
        }

        return result;
    }

    /// <summary>
    /// A connection that lives, from the pool. One that the server closed meanwhile costs nothing but this attempt to
    /// use it.
    /// </summary>
    private async ValueTask<SmtpConnection?> ReuseAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
        {
            try
            {
                if (
                    services.Time.GetElapsedTime(idle.Since) <= options.IdleTimeout
                    && await idle.Connection.ResetAsync(cancellationToken)
                )
                {
                    return idle.Connection;
                }
            }
            catch (Exception exception) when (IsBroken(exception) || exception is OperationCanceledException)
            {
                // Opened anew, or given up where the time is over.
            }

            await idle.Connection.DisposeAsync();
        }

        return null;
    }

    private static DeliveryResult Classify(Exception exception, bool maybeTaken, CancellationToken cancellationToken)
    {
        bool isTime = exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
        string reason = isTime ? "no reply in time" : exception.Message.TrimEnd('.');
        return maybeTaken ? DeliveryResult.Unknown($"Sent, then: {reason}.")
            : exception is AuthenticationException ? DeliveryResult.Misconfigured($"Not sent: {reason}.")
            : DeliveryResult.Retry($"Not sent: {reason}.");
    }

    private static bool IsBroken(Exception exception) =>
        exception is IOException or SocketException or SmtpProtocolException;
}
