namespace StreamSegmenter.Hocon.Configuration;

/// <summary>A configuration provider that knows where its keys were written.</summary>
public interface IConfigurationOrigins
{
    /// <summary>The place of a key, which is joined by colons and may name a value, an object or an array.</summary>
    bool TryGetOrigin(string key, out ConfigurationOrigin origin);
}

/// <summary>The place of a configuration key and of its value.</summary>
/// <param name="Key">Where the key was last written.</param>
/// <param name="Value">Where the value was written; elsewhere than the key when it came through a substitution.</param>
public readonly record struct ConfigurationOrigin(HoconOrigin Key, HoconOrigin Value);
