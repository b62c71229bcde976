using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Webhook;

/// <summary><c>type = webhook</c>: the push's JSON, signed according to Standard Webhooks.</summary>
public sealed class WebhookOptions : HttpConnectorOptions
{
    /// <summary>
    /// <c>whsec_</c> and the base64 of 24 to 64 bytes each, for HMAC; or <c>whsk_</c> and the base64 of an Ed25519
    /// private key. Every request carries a signature by each of them, so that a receiver can change over from one to
    /// the next. At least one, at most 8.
    /// </summary>
    public IList<Secret> Secrets { get; set; } = [];

    /// <summary>
    /// Permits loopback, private and link-local addresses. Default false, so that no address reaches the inside.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    internal override AddressReach Reach => AllowPrivateAddresses ? AddressReach.Everywhere : AddressReach.Public;

    internal override IReadOnlyList<TemplatePart> Parts => [];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(
            Secrets.Count is >= 1 and <= 8,
            nameof(Secrets),
            "needs 1 to 8 secrets such as whsec_MfKQ9r8G..."
        );
        for (int i = 0; i < Secrets.Count; i++)
        {
            errors.Require(
                SigningKey.TryParse(Secrets[i], out _),
                nameof(Secrets),
                $"number {i + 1} is neither 'whsec_' and the base64 of 24 to 64 bytes, nor 'whsk_' and that "
                    + "of an Ed25519 private key: 32 bytes, or 64 with its public key"
            );
        }
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new WebhookConnector(this, services);
}
