using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>Where in the conversation a reply came.</summary>
internal enum SmtpStage
{
    Greeting,
    Hello,
    Starttls,
    Login,
    Sender,
    Recipient,
    Data,
    Content,
}

/// <summary>What a server said, its lines joined.</summary>
internal readonly record struct SmtpReply(int Code, string Text)
{
    private const int MaxDetailLength = 300;

    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>What it means for the push that the server did not say yes.</summary>
    public DeliveryResult Refusal(SmtpStage stage) =>
        new(
            Classify(stage),
            SingleLine.Cut(SingleLine.Of($"SMTP {stage.ToString().ToLowerInvariant()}: {Code} {Text}"), MaxDetailLength)
        );

    private DeliveryOutcome Classify(SmtpStage stage) =>
        Code switch
        {
            >= 400 and < 500 => DeliveryOutcome.Retry,
            530 or 534 or 535 or 538 => DeliveryOutcome.Misconfigured,
            552 => DeliveryOutcome.Rejected, // this message is too large, whoever sends it
            // Up to the sender, nothing that the server has seen is of this push.
            >= 500 => stage <= SmtpStage.Sender ? DeliveryOutcome.Misconfigured : DeliveryOutcome.Rejected,
            _ => stage == SmtpStage.Content ? DeliveryOutcome.Unknown : DeliveryOutcome.Retry,
        };
}

/// <summary>A server that does not speak SMTP.</summary>
internal sealed class SmtpProtocolException(string message) : Exception(message);
