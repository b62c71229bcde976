using System.Diagnostics;

namespace StreamSegmenter.Connectors;

/// <summary>A value that must not be shown: its text is <c>***</c> wherever it is printed.</summary>
[DebuggerDisplay("***")]
public readonly struct Secret(string? value) : IParsable<Secret>
{
    private readonly string? _value = value;

    public bool IsEmpty => string.IsNullOrEmpty(_value);

    /// <summary>The value itself, for the one place that sends it.</summary>
    public string Reveal() => _value ?? "";

    public override string ToString() => "***";

    /// <summary>Takes the text as it is, so that configuration can be bound.</summary>
    public static Secret Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse(string? s, IFormatProvider? provider, out Secret result)
    {
        result = new(s);
        return true;
    }
}
