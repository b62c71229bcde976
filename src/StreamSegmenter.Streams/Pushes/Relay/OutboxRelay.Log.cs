using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

public sealed partial class OutboxRelay
{
    private void LogState(DeliveryResult result)
    {
        switch (_gate.State)
        {
            case ConnectorState.Working:
                LogWorking(_logger, _name);
                break;
            case ConnectorState.Down:
                LogDown(_logger, _name, _gate.Failures, result.Detail);
                break;
            default:
                LogMisconfigured(_logger, _name, result.Detail, _options.ProbeInterval.ToText());
                break;
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Connector {Connector} works again")]
    private static partial void LogWorking(ILogger logger, ConnectorName connector);

    [LoggerMessage(
        3002,
        LogLevel.Warning,
        "Connector {Connector} is down: {Failures} failures in a row, the last: {Detail}. One push at a time is tried "
            + "until one gets through; the others wait in the outbox"
    )]
    private static partial void LogDown(ILogger logger, ConnectorName connector, int failures, string detail);

    [LoggerMessage(
        3003,
        LogLevel.Error,
        "Connector {Connector} is misconfigured: {Detail}. Mend its settings; its pushes wait in the outbox, "
            + "and one is tried every {Interval}"
    )]
    private static partial void LogMisconfigured(
        ILogger logger,
        ConnectorName connector,
        string detail,
        string interval
    );

    [LoggerMessage(
        3006,
        LogLevel.Warning,
        "Connector {Connector} stopped while {Count} pushes were under way or not recorded: "
            + "they are sent again, under the same ids"
    )]
    private static partial void LogUnrecorded(ILogger logger, ConnectorName connector, int count);
}
