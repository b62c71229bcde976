using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>A purpose with nothing left out.</summary>
internal sealed record PurposeTerms(string Name, ConsentRule Consent, bool QuietHours, bool Caps, bool Holdout)
{
    public static PurposeTerms Of(string name, PurposeOptions options) =>
        new(
            name,
            options.Consent ?? ConsentRule.Required,
            options.QuietHours ?? true,
            options.Caps ?? true,
            options.Holdout ?? true
        );
}
