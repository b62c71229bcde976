using System.Collections.Immutable;
using System.Text.Encodings.Web;
using StreamSegmenter.Hocon.Syntax;
using StreamSegmenter.Hocon.Tokens;

namespace StreamSegmenter.Hocon;

/// <summary>The keys that lead from the root to a value. Written <c>a.b."c.d"</c>.</summary>
public readonly struct HoconPath : IEquatable<HoconPath>
{
    private readonly ImmutableArray<string> _keys;

    /// <summary>A path of the given keys; none is the root.</summary>
    public HoconPath(params ImmutableArray<string> keys) => _keys = keys;

    /// <summary>The path of the root.</summary>
    public static HoconPath Root => default;

    /// <summary>The keys, outermost first.</summary>
    public ImmutableArray<string> Keys => _keys.IsDefault ? [] : _keys;

    /// <summary>Reads a path in HOCON's form. Throws <see cref="HoconException"/> when it is not one.</summary>
    public static HoconPath Parse(string text)
    {
        var tokens = Tokenizer.Tokenize(text, source: $"path \"{text}\"");
        return PathExpression.Read(tokens.AsSpan(0, tokens.Length - 1), HoconOrigin.Text($"path \"{text}\""));
    }

    /// <summary>This path continued by another.</summary>
    public HoconPath Append(HoconPath tail) => new(Keys.AddRange(tail.Keys));

    /// <summary>This path continued by a key.</summary>
    public HoconPath Append(string key) => new(Keys.Add(key));

    /// <inheritdoc/>
    public bool Equals(HoconPath other) => Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoconPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Keys.Aggregate(0, static (hash, key) => HashCode.Combine(hash, key));

    /// <summary>Equal keys in the same order.</summary>
    public static bool operator ==(HoconPath left, HoconPath right) => left.Equals(right);

    /// <summary>Not the same keys.</summary>
    public static bool operator !=(HoconPath left, HoconPath right) => !left.Equals(right);

    /// <summary>The path in HOCON's form: keys that need quotes have them.</summary>
    public override string ToString() => string.Join('.', Keys.Select(Written));

    private static string Written(string key) =>
        key.Length > 0 && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? key
            : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(key)}\"";
}
