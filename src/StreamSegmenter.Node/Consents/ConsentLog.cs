using System.Buffers;
using System.Text.Json;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Node.Consents;

/// <summary>A consent that a node was told and has to write down.</summary>
/// <param name="At">When it was said; null: now.</param>
/// <param name="MessageId">The same for the same consent told again.</param>
internal sealed record ToldConsent(
    CustomerId Customer,
    string Channel,
    string? Purpose,
    bool? Granted,
    ConsentSource Source,
    string? Origin,
    string? PolicyVersion,
    Timestamp? At,
    string MessageId
);

/// <summary>How writing a consent down came out.</summary>
internal enum ConsentOutcome
{
    /// <summary>On stable storage.</summary>
    Logged,

    /// <summary>The log is behind: to be told again in a while.</summary>
    Busy,

    /// <summary>It could not be stored, or nobody knows: to be told again.</summary>
    Unavailable,
}

/// <summary>
/// Appends consents to their customers' logs, as events like any other, so that all follows from the log. Thread-safe.
/// </summary>
internal sealed partial class ConsentLog(
    IEventLogWriter log,
    TimeSpan appendTimeout,
    TimeProvider time,
    ILogger<ConsentLog> logger
)
{
    /// <summary>Whoever gave up waiting does not stop it.</summary>
    public async Task<ConsentOutcome> AppendAsync(ToldConsent consent)
    {
        using CancellationTokenSource late = new(appendTimeout, time);
        NewRecord record = new(consent.Customer, EventOf(consent, Timestamp.From(time.GetUtcNow())));
        try
        {
            await log.AppendAsync([record], late.Token).AsTask().WaitAsync(late.Token);
            return ConsentOutcome.Logged;
        }
        catch (LogBusyException)
        {
            return ConsentOutcome.Busy;
        }
        catch (Exception error)
        {
            LogFailed(logger, error);
            return ConsentOutcome.Unavailable;
        }
    }

    private static byte[] EventOf(ToldConsent consent, Timestamp now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("receivedAt", now.ToString());
        json.WriteString("type", EventType.Track.Word());
        json.WriteString("event", ConsentEvent.Name);
        json.WriteString("messageId", consent.MessageId);
        json.WriteString("userId", consent.Customer.Value);
        json.WriteString("timestamp", (consent.At ?? now).ToString());
        json.WriteStartObject("properties");
        json.WriteString(ConsentEvent.Channel, consent.Channel);
        WriteText(json, ConsentEvent.Purpose, consent.Purpose);
        json.WritePropertyName(ConsentEvent.Granted);
        if (consent.Granted is { } granted)
        {
            json.WriteBooleanValue(granted);
        }
        else
        {
            json.WriteNullValue();
        }

        WriteText(json, ConsentEvent.Source, consent.Origin);
        WriteText(json, ConsentEvent.PolicyVersion, consent.PolicyVersion);
        json.WriteString(ConsentEvent.Via, consent.Source.Word());
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    [LoggerMessage(4101, LogLevel.Error, "A consent cannot be stored; whoever told it is asked to tell it again")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
