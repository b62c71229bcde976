using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>
/// Scores and RFM grades are worked out elsewhere and told by <c>identify</c>, as traits of these names. So they come
/// through the log like everything else that decides. Consents come by <c>identify</c> and other ways.
/// </summary>
internal static class ProvidedBinder
{
    public static BoundTrait Bind(ScoreSyntax score) =>
        Trait("scores", score.Key is null ? [score.Model] : [score.Model, score.Key], ValueTypes.Number);

    public static BoundTrait Bind(RfmSyntax rfm) => Trait("rfm", [rfm.Dimension], ValueTypes.Number);

    public static BoundTrait Bind(ConsentSyntax consent) =>
        Trait(ConsentTraits.NameOf(consent.Channel, purpose: null), [], ValueTypes.Boolean);

    /// <summary><c>profile.consent.email</c> and <c>profile.consent.email.marketing</c>.</summary>
    public static BoundTrait BindConsent(TraitSyntax trait)
    {
        string? name = trait.Path.Parts switch
        {
            [_, { } channel] => ConsentTraits.NameOf(channel, purpose: null),
            [_, { } channel, { } purpose] => ConsentTraits.NameOf(channel, purpose),
            _ => null,
        };
        return name is not null
            ? Trait(name, [], ValueTypes.Boolean)
            : throw new RuleException(
                trait.Path.Place,
                "the trait 'consent' is read by channel: profile.consent.email, or profile.consent.email.marketing."
            );
    }

    private static BoundTrait Trait(string trait, IReadOnlyList<string> path, ValueTypes type) =>
        new(trait, new(PathRoot.Body, path), type);
}
