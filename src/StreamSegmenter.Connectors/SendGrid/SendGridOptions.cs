using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Connectors.SendGrid;

/// <summary>
/// <c>type = sendgrid</c>: one message per push by SendGrid's <c>v3/mail/send</c>, or by a provider with the same API.
/// </summary>
public sealed class SendGridOptions : HttpConnectorOptions
{
    public SendGridOptions() => Url = new("https://api.sendgrid.com/v3/mail/send");

    /// <summary>A key that may send mail. Required.</summary>
    public Secret ApiKey { get; set; }

    /// <summary>Who writes: an address, or <c>Name &lt;address&gt;</c>. Required.</summary>
    public string From { get; set; } = "";

    /// <summary>Where answers go, if not to <see cref="From"/>.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>Where the recipient's address is in the push. Default <c>profile.email</c>.</summary>
    public string Recipient { get; set; } = "profile.email";

    /// <summary>
    /// Where one click unsubscribes (RFC 8058), such as <c>https://example.com/unsubscribe/{{push.id}}</c>, or at a
    /// node itself, with <c>{{unsubscribe.token}}</c>; null for mail without.
    /// </summary>
    public string? UnsubscribeUrl { get; set; }

    internal override string? ReceiverPath => Recipient;

    internal override bool NeedsReceiver => true;

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Subject, TemplatePart.Text];

    internal override IReadOnlyList<TemplatePart> OptionalParts => [TemplatePart.Html];

    internal override string UsualChannel => Suppression.MailChannel;

    internal override string UsualPurpose => PurposeOptions.Service;

    internal override string AddressPath => Recipient;

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(!ApiKey.IsEmpty, nameof(ApiKey), "needs a key that may send mail");
        errors.Require(
            Mailbox.TryParse(From, out _),
            nameof(From),
            "needs an address such as \"Shop <shop@example.com>\""
        );
        errors.Require(ReplyTo is null || Mailbox.TryParse(ReplyTo, out _), nameof(ReplyTo), "is no address");
        errors.Require(Recipient.Length > 0, nameof(Recipient), "needs a path such as profile.email");
        UnsubscribeLink.Compile(UnsubscribeUrl, templates, nameof(UnsubscribeUrl), errors);
    }

    internal override void Check(OptionErrors errors, ConnectorServices services)
    {
        base.Check(errors, services);
        UnsubscribeLink.CheckTokens(UnsubscribeUrl, services.Unsubscribe, nameof(UnsubscribeUrl), errors);
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new SendGridConnector(this, services);
}
