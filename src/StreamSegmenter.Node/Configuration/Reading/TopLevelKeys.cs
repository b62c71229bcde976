using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>
/// Finds keys at the top that nobody reads: those that the reference does not have. An environment variable is
/// forgiven, because orchestrators set some of their own that begin with a service's name.
/// </summary>
internal static class TopLevelKeys
{
    public static void Check(HoconObject root, IConfigurationRoot configuration, ProblemList problems)
    {
        var known = ReferenceConfiguration.Document.ResolveObject().Keys.ToList();
        foreach (var key in root.Keys.Except(known, StringComparer.Ordinal))
        {
            Refuse(root.KeyOrigin(key), key);
        }

        foreach (var section in configuration.GetChildren())
        {
            var place = Overrides.PlaceOf(configuration, section);
            if (place is { Kind: HoconOriginKind.CommandLine } && !known.Contains(section.Key, StringComparer.Ordinal))
            {
                Refuse(place, section.Key);
            }
        }

        foreach (var (key, place) in Overrides.Under(configuration, SegmentReader.Section))
        {
            problems.Add(
                place,
                key,
                "segments are read from files alone",
                "write it there, with ${?NAME} for what is to come from the environment"
            );
        }

        void Refuse(HoconOrigin? place, string key) =>
            problems.Add(place, new HoconPath(key).ToString(), "unknown key", Unknown.Cure(key, known));
    }
}

/// <summary>What to do about a key that nobody reads.</summary>
internal static class Unknown
{
    public static string Cure(string key, IReadOnlyCollection<string> known) =>
        NearMiss.Find(key, known) is { } meant
            ? $"did you mean {meant}?"
            : $"remove it; known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
}

/// <summary>Looks at what stands above the files.</summary>
internal static class Overrides
{
    /// <summary>Every value under a section that no file supplies.</summary>
    public static IEnumerable<(string Key, HoconOrigin? Place)> Under(
        IConfigurationRoot configuration,
        string section
    ) =>
        configuration
            .GetSection(section)
            .AsEnumerable()
            .Where(entry => entry.Value is not null)
            .Select(entry =>
                (
                    new HoconPath([.. entry.Key.Split(ConfigurationPath.KeyDelimiter)]).ToString(),
                    configuration.FindOrigin(entry.Key)
                )
            );

    /// <summary>Where a section's value, or else the first one in it, came from.</summary>
    public static HoconOrigin? PlaceOf(IConfigurationRoot configuration, IConfigurationSection section) =>
        configuration.FindOrigin(section.Path)
        ?? section
            .AsEnumerable()
            .Select(entry => configuration.FindOrigin(entry.Key))
            .FirstOrDefault(o => o is not null);
}
