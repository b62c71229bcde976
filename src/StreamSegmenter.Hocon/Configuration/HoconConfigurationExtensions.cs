using System.Collections;
using Microsoft.Extensions.Configuration;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>Adds HOCON to a configuration. What is added later overrides it, key by key.</summary>
public static class HoconConfigurationExtensions
{
    /// <summary>
    /// Adds a document. Layer documents with <see cref="HoconDocument.WithFallback"/> rather than by adding several:
    /// only then do arrays replace each other as a whole and substitutions see all layers.
    /// </summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="document">The document.</param>
    /// <param name="serves">Which top-level keys are served, see <see cref="HoconConfigurationSource"/>.</param>
    public static IConfigurationBuilder AddHocon(
        this IConfigurationBuilder builder,
        HoconDocument document,
        Func<string, bool>? serves = null
    ) => builder.Add(new HoconConfigurationSource(() => document, serves));

    /// <summary>
    /// Adds a file over a reference file with the defaults; both are read again when the configuration is reloaded.
    /// Errors are <see cref="HoconException"/>s, thrown where the configuration is built or reloaded.
    /// </summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="path">The user's file.</param>
    /// <param name="referencePath">The file with all defaults, or null.</param>
    /// <param name="options">Files and environment; null means those of this machine.</param>
    public static IConfigurationBuilder AddHocon(
        this IConfigurationBuilder builder,
        string path,
        string? referencePath = null,
        HoconReaderOptions? options = null
    )
    {
        var reader = options ?? HoconReaderOptions.System;
        return builder.Add(new HoconConfigurationSource(Load));

        HoconDocument Load()
        {
            var document = HoconDocument.Load(path, reader);
            return referencePath is null ? document : document.WithFallback(HoconDocument.Load(referencePath, reader));
        }
    }

    /// <summary>Adds the environment variables with a prefix, see <see cref="EnvironmentOverridesSource"/>.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="prefix">What the variables' names start with, for example <c>SEGMENTER_</c>.</param>
    /// <param name="variables">All variables; null means those of this process.</param>
    public static IConfigurationBuilder AddEnvironmentOverrides(
        this IConfigurationBuilder builder,
        string prefix,
        IReadOnlyDictionary<string, string>? variables = null
    ) => builder.Add(new EnvironmentOverridesSource(prefix, variables ?? ProcessVariables()));

    private static Dictionary<string, string> ProcessVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(static e => (string)e.Key, static e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
