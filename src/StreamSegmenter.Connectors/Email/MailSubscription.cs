using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Connectors.Email;

/// <summary>What the receivers of a connector's mail can unsubscribe from.</summary>
internal sealed class MailSubscription
{
    private readonly UnsubscribeTokens _tokens;
    private readonly ConnectorPolicy _policy;

    private MailSubscription(UnsubscribeTokens tokens, ConnectorPolicy policy)
    {
        (_tokens, _policy) = (tokens, policy);
    }

    /// <summary>Null when nobody makes tokens.</summary>
    public static MailSubscription? Of(ConnectorOptions options, ConnectorServices services) =>
        services.Unsubscribe is { } tokens ? new(tokens, options.PolicyOver(new())) : null;

    /// <summary>The push as templates see it, with <c>unsubscribe.token</c>; the caller's to dispose.</summary>
    public PushPayload Extend(Push push, PushPayload payload)
    {
        string purpose = payload.Option(PolicyKeys.Purpose) ?? _policy.Purpose;
        UnsubscribeClaim claim = new(push.Customer, _policy.Channel, ConsentEvent.IsName(purpose) ? purpose : null);
        return payload.With(RequestModel.Unsubscribe, "token", _tokens.Make(claim));
    }
}
