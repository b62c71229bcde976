using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Pushes;

/// <summary>
/// Tells operators of pushes that wait for a connector which the configuration does not have: no relay sees them, and
/// they would wait for ever without a word.
/// </summary>
internal sealed partial class UnservedPushes(
    IOutbox outbox,
    IEnumerable<ConnectorName> connectors,
    ILogger<UnservedPushes> logger
)
{
    private readonly HashSet<ConnectorName> _connectors = [.. connectors];

    /// <summary>One warning for each such connector.</summary>
    public async Task WarnAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<ConnectorName, OutboxCounts> counts = await outbox.CountAsync(cancellationToken);
        foreach ((ConnectorName connector, OutboxCounts pushes) in counts)
        {
            if (pushes.Pending > 0 && !_connectors.Contains(connector))
            {
                LogUnserved(logger, pushes.Pending, connector.Value);
            }
        }
    }

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "{Pushes} pushes wait for the connector {Connector}, which is not configured: they are neither sent nor given "
            + "up. Configure connectors.{Connector} again to have them sent, or give them up: segctl pushes discard "
            + "--state pending --connector {Connector}"
    )]
    private static partial void LogUnserved(ILogger logger, long pushes, string connector);
}
