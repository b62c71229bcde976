using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>What a customer said about being written to, newest word for each channel and purpose.</summary>
internal sealed class Consents(IReadOnlyList<Consent> said)
{
    /// <summary>Why nothing may be sent; null when it may.</summary>
    public string? Objection(string channel, PurposeTerms purpose)
    {
        if (purpose.Consent == ConsentRule.NotNeeded)
        {
            return null;
        }

        Consent? own = Find(channel, purpose.Name);
        Consent? general = Find(channel, null);

        // A word on the purpose counts before one on the channel, but "nothing more at all" ends what was agreed
        // before.
        Consent? valid = own is null || (general is { Granted: false } && general.At > own.At) ? general : own;
        return valid switch
        {
            { Granted: true } => null,
            null when purpose.Consent == ConsentRule.Assumed => null,
            null => $"no-consent: {channel}, purpose {purpose.Name}",
            _ => $"refused: {channel}, purpose {purpose.Name}, at {valid.At}",
        };
    }

    private Consent? Find(string channel, string? purpose) =>
        said.Where(consent => consent.Channel == channel && consent.Purpose == purpose)
            .MaxBy(static consent => consent.At.Milliseconds);
}
