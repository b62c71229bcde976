using Microsoft.Extensions.Configuration;

namespace StreamSegmenter.Hocon.Options;

/// <summary>A key in both its forms: joined by colons for the configuration, as a path for people.</summary>
internal readonly record struct ConfigurationKey(HoconPath Path)
{
    public string Joined => string.Join(ConfigurationPath.KeyDelimiter, Path.Keys);

    public ConfigurationKey Child(string key) => new(Path.Append(key));

    public ConfigurationKey? Parent => Path.Keys.Length > 1 ? new(new HoconPath(Path.Keys[..^1])) : null;

    public override string ToString() => Path.ToString();
}
