using Microsoft.Extensions.Configuration;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>A HOCON document as a configuration source.</summary>
/// <param name="load">Reads the document; called once a (re)load. May throw <see cref="HoconException"/>.</param>
public sealed class HoconConfigurationSource(Func<HoconDocument> load) : IConfigurationSource
{
    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(load);
}

/// <summary>Serves the values of a resolved document, and their origins.</summary>
internal sealed class HoconConfigurationProvider(Func<HoconDocument> load)
    : ConfigurationProvider,
        IConfigurationOrigins
{
    private IReadOnlyDictionary<string, ConfigurationOrigin> _origins = new Dictionary<string, ConfigurationOrigin>(
        StringComparer.OrdinalIgnoreCase
    );

    public override void Load()
    {
        var flat = ConfigurationFlattening.Of(load().ResolveObject());
        _origins = flat.Origins;
        Data = flat.Values;
        OnReload();
    }

    public bool TryGetOrigin(string key, out ConfigurationOrigin origin) => _origins.TryGetValue(key, out origin);
}
