using Microsoft.Extensions.Configuration;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>
/// Environment variables over the keys of HOCON, which are written with hyphens that no shell allows in a name:
/// with the prefix <c>SEGMENTER_</c> the variable <c>SEGMENTER_STREAMS__BATCH_SIZE</c> sets <c>streams.batch-size</c>.
/// </summary>
/// <param name="prefix">What the variables' names start with.</param>
/// <param name="variables">Names and values of all variables.</param>
public sealed class EnvironmentOverridesSource(string prefix, IReadOnlyDictionary<string, string> variables)
    : IConfigurationSource
{
    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) =>
        new EnvironmentOverridesProvider(prefix, variables);
}

internal sealed class EnvironmentOverridesProvider(string prefix, IReadOnlyDictionary<string, string> variables)
    : ConfigurationProvider,
        IConfigurationOrigins
{
    private readonly Dictionary<string, HoconOrigin> _origins = new(StringComparer.OrdinalIgnoreCase);

    public override void Load()
    {
        foreach (var (name, value) in variables)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length)
            {
                var key = Key(name[prefix.Length..]);
                Data[key] = value;
                _origins[key] = HoconOrigin.EnvironmentVariable(name);
            }
        }
    }

    public bool TryGetOrigin(string key, out ConfigurationOrigin origin)
    {
        var found = _origins.TryGetValue(key, out var place);
        origin = new ConfigurationOrigin(place, place);
        return found;
    }

    private static string Key(string name) =>
        string.Join(
            ConfigurationPath.KeyDelimiter,
            name.Split("__").Select(static part => part.Replace('_', '-').ToLowerInvariant())
        );
}
