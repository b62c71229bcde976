using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>What a message says, and to whom.</summary>
internal sealed record MailMessage(
    PushId Id,
    string IdDomain,
    Mailbox From,
    Mailbox? ReplyTo,
    DateTimeOffset Date,
    MailContent Content
)
{
    /// <summary>The message on the wire. The same values give the same bytes.</summary>
    public byte[] ToBytes() => new MailWriter(this).Write();
}
