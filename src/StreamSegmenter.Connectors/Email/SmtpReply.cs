using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

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
    /// <param name="hidden">Taken out of what is reported: servers repeat commands that they refuse.</param>
    /// <param name="recipient">Whose address the server has been told; null: nobody's yet.</param>
    public DeliveryResult Refusal(SmtpStage stage, HiddenWords hidden, EmailAddress? recipient = null)
    {
        string detail = SingleLine.Of($"SMTP {stage.ToString().ToLowerInvariant()}: {Code} {hidden.Hide(Text)}");
        var result = new DeliveryResult(Classify(stage), SingleLine.Cut(detail, MaxDetailLength));
        if (IsAboutThisMail(stage))
        {
            result = result with { Scope = DeliveryScope.Push };
        }

        return recipient is { } address && result.Outcome == DeliveryOutcome.Rejected && BlamesRecipient()
            ? result with
            {
                AtFault = Suppression.Of(Suppression.MailChannel, address.ToString()),
            }
            : result;
    }

    // RFC 3463 and 7505: no such mailbox, no such domain, bad syntax, mailbox moved, domain takes no mail. Others of
    // 5.1 are about the sender, or leave open what is wrong.
    private bool BlamesRecipient() => Text.Split(' ', 2)[0] is "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10";

    // Not until it has been told the recipient can a server mean this mail: what it says before, it says to every mail
    // of this sender. From then on 4xx is a full mailbox, greylisting or a filter's doubt, and other recipients may be
    // welcome; even the codes of a full or busy system (4.3.1, 4.3.2) are used to greylist. Should the server mean
    // everybody, each mail waits by itself, longer every time. 421 alone ends the conversation, whoever it is about.
    private bool IsAboutThisMail(SmtpStage stage) =>
        stage >= SmtpStage.Recipient && Code is >= 400 and < 500 and not 421;

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
