using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>Asks a configuration where a key came from.</summary>
public static class ConfigurationOriginExtensions
{
    /// <summary>
    /// Where the value of a key came from, by the provider that supplies it: a file and a place in it, an environment
    /// variable, the command line, or another source. For a section, where it was last written.
    /// Null when no provider has the key.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="key">The key, joined by colons.</param>
    public static HoconOrigin? FindOrigin(this IConfigurationRoot configuration, string key) =>
        configuration.FindOrigins(key)?.Value;

    internal static ConfigurationOrigin? FindOrigins(this IConfigurationRoot configuration, string key)
    {
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (provider is IConfigurationOrigins origins)
            {
                if (origins.TryGetOrigin(key, out var origin))
                {
                    return origin;
                }
            }
            else if (provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner })
            {
                if (inner.FindOrigins(key) is { } origin)
                {
                    return origin;
                }
            }
            else if (provider.TryGet(key, out _))
            {
                var origin = Describe(provider, key);
                return new ConfigurationOrigin(origin, origin);
            }
        }
        return null;
    }

    private static HoconOrigin Describe(IConfigurationProvider provider, string key) =>
        provider switch
        {
            EnvironmentVariablesConfigurationProvider variables => HoconOrigin.EnvironmentVariable(
                VariablePrefix(variables) + key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal)
            ),
            CommandLineConfigurationProvider => HoconOrigin.CommandLine,
            _ => HoconOrigin.Other(provider.ToString() ?? provider.GetType().Name),
        };

    /// <summary>
    /// The provider tells its prefix only by its name: <c>EnvironmentVariablesConfigurationProvider Prefix: 'X_'</c>.
    /// </summary>
    private static string VariablePrefix(EnvironmentVariablesConfigurationProvider provider) =>
        provider.ToString() is { } name && name.Split('\'') is [_, var prefix, ..] ? prefix : "";
}
