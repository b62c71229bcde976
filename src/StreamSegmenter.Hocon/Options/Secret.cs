using System.Diagnostics;

namespace StreamSegmenter.Hocon.Options;

/// <summary>
/// A value that must not be shown: it prints as <c>***</c>. In HOCON it is a literal, <c>file:PATH</c> (the file's
/// content without trailing newlines; a relative path starts beside the file that names it), or <c>${?ENV}</c>.
/// </summary>
[DebuggerDisplay("***")]
public readonly struct Secret : IEquatable<Secret>
{
    private readonly string? _value;

    /// <summary>A secret.</summary>
    public Secret(string value) => _value = value;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_value);

    /// <summary>The value itself, for the one place that sends it.</summary>
    public string Reveal() => _value ?? "";

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";

    /// <inheritdoc/>
    public bool Equals(Secret other) => Reveal() == other.Reveal();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Reveal().GetHashCode(StringComparison.Ordinal);

    /// <summary>The same value.</summary>
    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    /// <summary>Another value.</summary>
    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
