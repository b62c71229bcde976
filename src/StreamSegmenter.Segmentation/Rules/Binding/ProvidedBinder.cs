using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>
/// Scores, RFM grades and consents are worked out elsewhere and told by <c>identify</c>, as traits of these names. So
/// they come through the log like everything else that decides.
/// </summary>
internal static class ProvidedBinder
{
    public static BoundTrait Bind(ScoreSyntax score) =>
        Trait("scores", score.Key is null ? [score.Model] : [score.Model, score.Key], ValueTypes.Number);

    public static BoundTrait Bind(RfmSyntax rfm) => Trait("rfm", [rfm.Dimension], ValueTypes.Number);

    public static BoundTrait Bind(ConsentSyntax consent) => Trait("consent", [consent.Channel], ValueTypes.Boolean);

    private static BoundTrait Trait(string trait, IReadOnlyList<string> path, ValueTypes type) =>
        new(trait, new(PathRoot.Body, path), type);
}
