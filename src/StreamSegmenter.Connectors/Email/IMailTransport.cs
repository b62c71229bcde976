using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>A message ready to be sent.</summary>
/// <param name="Content">Header and body by RFC 5322, in lines of at most 998 bytes that end in CR LF.</param>
internal sealed record Mail(EmailAddress Sender, EmailAddress Recipient, ReadOnlyMemory<byte> Content);

/// <summary>Takes mail to a server. Thread-safe. Failures are results, cancellation included.</summary>
internal interface IMailTransport
{
    ValueTask<DeliveryResult> SendAsync(Mail mail, CancellationToken cancellationToken);
}
