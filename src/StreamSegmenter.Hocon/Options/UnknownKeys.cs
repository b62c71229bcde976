using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;

namespace StreamSegmenter.Hocon.Options;

/// <summary>Words the error about a key that nobody reads.</summary>
internal static class UnknownKeys
{
    public static ConfigurationError Error(
        IConfigurationRoot configuration,
        ConfigurationKey key,
        IReadOnlyCollection<string> known
    )
    {
        var cure = NearMiss.Find(key.Path.Keys[^1], known) is { } meant
            ? $"did you mean {meant}?"
            : $"remove it; known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        return new ConfigurationError(configuration.FindOrigins(key.Joined)?.Key, key.ToString(), "unknown key", cure);
    }
}
