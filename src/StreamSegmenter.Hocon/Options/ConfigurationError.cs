namespace StreamSegmenter.Hocon.Options;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Origin">Where it is; null when nothing in the configuration says anything about the key.</param>
/// <param name="Key">The key in HOCON's form.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record ConfigurationError(HoconOrigin? Origin, string Key, string Problem, string Cure)
{
    /// <summary><c>demo.conf:12:5: streams.batch-size: expected a whole number, got "ten"; write e.g. 500</c></summary>
    public override string ToString() => $"{(Origin is { } at ? $"{at}: " : "")}{Key}: {Problem}; {Cure}";
}
