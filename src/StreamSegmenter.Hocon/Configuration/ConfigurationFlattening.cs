using System.Globalization;
using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Configuration;

/// <summary>
/// Turns a resolved document into configuration keys: objects and arrays become sections, an empty array an empty
/// string, an empty object and null a null.
/// </summary>
internal sealed class ConfigurationFlattening
{
    private readonly Dictionary<string, ConfigurationOrigin> _origins = new(StringComparer.OrdinalIgnoreCase);

    private ConfigurationFlattening() { }

    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, ConfigurationOrigin> Origins => _origins;

    /// <param name="root">The document.</param>
    /// <param name="takes">Which top-level keys to take.</param>
    public static ConfigurationFlattening Of(HoconObject root, Func<string, bool> takes)
    {
        var result = new ConfigurationFlattening();
        result.AddFields("", root.Fields.Where(field => takes(field.Key)));
        return result;
    }

    private void AddFields(string parent, IEnumerable<KeyValuePair<string, HoconField>> fields)
    {
        foreach (var (name, field) in fields)
        {
            if (name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
            {
                throw new HoconException(
                    field.KeyOrigin,
                    $"the key \"{name}\" holds a ':', which separates keys; rename it"
                );
            }
            Add(parent + name, field.Value, field.KeyOrigin);
        }
    }

    private void Add(string key, HoconValue value, HoconOrigin keyOrigin)
    {
        if (!_origins.TryAdd(key, new ConfigurationOrigin(keyOrigin, value.Origin)))
        {
            var other = _origins[key].Key;
            throw new HoconException(
                keyOrigin,
                $"the key {key} differs only in case from the one at {other}; rename one"
            );
        }
        switch (value)
        {
            case HoconObject { Count: > 0 } o:
                AddFields(key + ConfigurationPath.KeyDelimiter, o.Fields);
                break;
            case HoconArray { Count: > 0 } array:
                for (var i = 0; i < array.Count; i++)
                {
                    var index = i.ToString(CultureInfo.InvariantCulture);
                    Add(ConfigurationPath.Combine(key, index), array[i], array[i].Origin);
                }
                break;
            default:
                Values[key] = value switch
                {
                    HoconObject or HoconNull => null,
                    HoconScalar scalar => scalar.Text,
                    _ => "",
                };
                break;
        }
    }
}
