using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamSegmenter.Hocon.Values;

/// <summary>Named values, in the order in which their names were first written.</summary>
public sealed class HoconObject : HoconValue, IReadOnlyDictionary<string, HoconValue>
{
    private readonly OrderedDictionary<string, HoconField> _fields;

    internal HoconObject(HoconOrigin origin, OrderedDictionary<string, HoconField> fields)
        : base(origin)
    {
        _fields = fields;
        var size = 1L;
        foreach (var (key, field) in fields)
        {
            size += key.Length + field.Value.WrittenSize;
            Height = Math.Max(Height, field.Value.Height);
        }
        WrittenSize = size;
        Height++;
    }

    /// <inheritdoc/>
    public override string Description => "an object";

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Keys;

    /// <inheritdoc/>
    public IEnumerable<HoconValue> Values => _fields.Values.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public HoconValue this[string key] => _fields[key].Value;

    internal override long WrittenSize { get; }

    internal override int Height { get; }

    internal OrderedDictionary<string, HoconField> Fields => _fields;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HoconValue value)
    {
        var found = _fields.TryGetValue(key, out var field);
        value = field.Value;
        return found;
    }

    /// <summary>The value at a path, or null when there is none.</summary>
    public HoconValue? Find(HoconPath path)
    {
        HoconValue? value = this;
        foreach (var key in path.Keys)
        {
            value = value is HoconObject parent && parent.TryGetValue(key, out var child) ? child : null;
        }
        return value;
    }

    /// <summary>Where the key was last written; null when there is no such key.</summary>
    public HoconOrigin? KeyOrigin(string key) => _fields.TryGetValue(key, out var field) ? field.KeyOrigin : null;

    /// <summary>
    /// The values of the keys that are whole numbers, in the order of the numbers; null when there is no such key.
    /// HOCON uses it wherever an array is expected and an object is found.
    /// </summary>
    public HoconArray? ToArrayByNumericKeys()
    {
        var items = new SortedDictionary<int, HoconValue>();
        foreach (var (key, field) in _fields)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                items.TryAdd(index, field.Value);
            }
        }
        return items.Count == 0 ? null : new HoconArray(Origin, [.. items.Values]);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HoconValue>> GetEnumerator() =>
        _fields.Select(static field => KeyValuePair.Create(field.Key, field.Value.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconObject that
        && that.Count == Count
        && this.All(field => that.TryGetValue(field.Key, out var value) && value.Equals(field.Value));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, value) in this)
        {
            hash ^= HashCode.Combine(key, value); // symmetric: the order of fields does not count
        }
        return hash;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", this.Select(f => $"{f.Key}: {f.Value}"))}}}";
}

/// <summary>A value under a key.</summary>
/// <param name="KeyOrigin">Where the key was last written.</param>
/// <param name="Value">The value.</param>
/// <param name="HidesFallback">The value is an object that lies over a non-object, so nothing below merges into
/// it.</param>
internal readonly record struct HoconField(HoconOrigin KeyOrigin, HoconValue Value, bool HidesFallback);
