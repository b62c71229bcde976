using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>What a push says by mail, and to whom.</summary>
/// <param name="Unsubscribe">The value of the List-Unsubscribe header, if mail has one.</param>
internal sealed record MailContent(EmailAddress To, string Subject, string Text, string? Html, string? Unsubscribe);

/// <summary>Renders mail, however it is sent.</summary>
/// <param name="recipient">Where the recipient's address is in the push.</param>
/// <param name="subscription">What can be unsubscribed from; null: templates have no token for it.</param>
internal sealed class MailComposer(
    TemplateSet templates,
    string template,
    string recipient,
    UnsubscribeLink? link,
    MailSubscription? subscription
)
{
    private const int MaxSubjectLength = 255;

    public bool TryCompose(
        Push push,
        PushPayload payload,
        [NotNullWhen(true)] out MailContent? content,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        if (subscription is null)
        {
            return TryRender(push, payload, out content, out refusal, cancellationToken);
        }

        using PushPayload extended = subscription.Extend(push, payload);
        return TryRender(push, extended, out content, out refusal, cancellationToken);
    }

    private bool TryRender(
        Push push,
        PushPayload payload,
        [NotNullWhen(true)] out MailContent? content,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        content = null;
        string? html = null;
        string? unsubscribe = null;
        if (
            !TryReadRecipient(payload, out var to, out refusal)
            || !templates.TryChoose(payload, template, out var chosen, out refusal)
            || !chosen.TryRender(TemplatePart.Subject, payload, out string? subject, out refusal, cancellationToken)
            || !chosen.TryRender(TemplatePart.Text, payload, out string? text, out refusal, cancellationToken)
            || (
                chosen.Has(TemplatePart.Html)
                && !chosen.TryRender(TemplatePart.Html, payload, out html, out refusal, cancellationToken)
            )
            || (link is not null && !link.TryRender(push, payload, out unsubscribe, out refusal, cancellationToken))
        )
        {
            return false;
        }

        content = new(to, SingleLine.Cut(subject, MaxSubjectLength), text, html, unsubscribe);
        return true;
    }

    private bool TryReadRecipient(
        PushPayload payload,
        out EmailAddress address,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        string? text = payload.Text(recipient);
        bool isRight = EmailAddress.TryParse(text, out address);
        refusal =
            isRight ? null
            : text is null ? DeliveryResult.Unsendable($"The customer has no address: '{recipient}' is missing.")
            : DeliveryResult.Unsendable($"'{recipient}' holds no address that mail can be sent to.");
        return isRight;
    }
}
