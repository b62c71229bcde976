using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Links by which customers take their consent back, section <c>unsubscribe</c>.</summary>
/// <param name="Secret">Seals the links; the same on every node. Null: the node has no such links.</param>
public sealed record UnsubscribeOptions(Secret? Secret) : IValidatedOptions
{
    /// <summary>Null without a secret, or with one that is refused.</summary>
    public UnsubscribeTokens? ToTokens() =>
        Secret is { IsEmpty: false } secret && IsLongEnough(secret) ? new(secret.Reveal()) : null;

    public IEnumerable<OptionsViolation> Validate() =>
        Secret is not { IsEmpty: false } secret || IsLongEnough(secret)
            ? []
            :
            [
                new(
                    nameof(Secret),
                    "it is short enough to be guessed",
                    $"use {UnsubscribeTokens.MinSecretLength} characters or more"
                ),
            ];

    private static bool IsLongEnough(Secret secret) => secret.Reveal().Length >= UnsubscribeTokens.MinSecretLength;
}
