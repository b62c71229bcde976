namespace StreamSegmenter.Connectors.Templates;

/// <summary>The parts of a template in other languages.</summary>
/// <param name="localeFrom">Where the reader's locale is in a push.</param>
/// <param name="byLocale">By normalised names.</param>
internal sealed class LocalisedParts(
    string localeFrom,
    IReadOnlyDictionary<string, IReadOnlyDictionary<TemplatePart, CompiledPart>> byLocale
)
{
    public static LocalisedParts None { get; } =
        new("", new Dictionary<string, IReadOnlyDictionary<TemplatePart, CompiledPart>>(StringComparer.Ordinal));

    public bool IsEmpty => byLocale.Count == 0;

    /// <summary>The parts as they are for readers of each locale, and for others.</summary>
    public IEnumerable<IReadOnlyDictionary<TemplatePart, CompiledPart>> Each(
        IReadOnlyDictionary<TemplatePart, CompiledPart> otherwise
    ) => byLocale.Keys.Select(locale => Choose(locale, otherwise)).Prepend(otherwise);

    /// <summary>
    /// Each part from the reader's locale, else from what is less of it (<c>de-AT</c>, then <c>de</c>), else as it is
    /// in the template itself.
    /// </summary>
    public IReadOnlyDictionary<TemplatePart, CompiledPart> Choose(
        PushPayload payload,
        IReadOnlyDictionary<TemplatePart, CompiledPart> otherwise
    ) =>
        TemplateLocale.TryNormalise(payload.Text(localeFrom), out string? locale)
            ? Choose(locale, otherwise)
            : otherwise;

    private Dictionary<TemplatePart, CompiledPart> Choose(
        string locale,
        IReadOnlyDictionary<TemplatePart, CompiledPart> otherwise
    )
    {
        var chosen = new Dictionary<TemplatePart, CompiledPart>(otherwise);
        foreach (string name in TemplateLocale.Chain(locale).Reverse())
        {
            if (byLocale.TryGetValue(name, out var parts))
            {
                foreach (var (part, compiled) in parts)
                {
                    chosen[part] = compiled;
                }
            }
        }

        return chosen;
    }
}
