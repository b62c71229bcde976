using Microsoft.Extensions.Configuration;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>A HOCON document as a configuration source.</summary>
/// <param name="load">Reads the document; called once a (re)load. May throw <see cref="HoconException"/>.</param>
/// <param name="serves">
/// Which top-level keys are served; null means all. Leave those out that are read from the document itself because the
/// names in them are data, for which a configuration's keys (no colons, case ignored) are too narrow.
/// </param>
public sealed class HoconConfigurationSource(Func<HoconDocument> load, Func<string, bool>? serves = null)
    : IConfigurationSource
{
    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(load, serves);
}

/// <summary>Serves the values of a resolved document, and their origins.</summary>
internal sealed class HoconConfigurationProvider(Func<HoconDocument> load, Func<string, bool>? serves)
    : ConfigurationProvider,
        IConfigurationOrigins
{
    private IReadOnlyDictionary<string, ConfigurationOrigin> _origins = new Dictionary<string, ConfigurationOrigin>(
        StringComparer.OrdinalIgnoreCase
    );

    public override void Load()
    {
        var flat = ConfigurationFlattening.Of(load().ResolveObject(), serves ?? (static _ => true));
        _origins = flat.Origins;
        Data = flat.Values;
        OnReload();
    }

    public bool TryGetOrigin(string key, out ConfigurationOrigin origin) => _origins.TryGetValue(key, out origin);
}
