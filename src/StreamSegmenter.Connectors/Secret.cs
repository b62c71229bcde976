using System.ComponentModel;
using System.Globalization;

namespace StreamSegmenter.Connectors;

/// <summary>A value that must not be shown: its text is <c>***</c> wherever it is printed.</summary>
[TypeConverter(typeof(SecretConverter))]
public readonly struct Secret(string? value)
{
    private readonly string? _value = value;

    public bool IsEmpty => string.IsNullOrEmpty(_value);

    /// <summary>The value itself, for the one place that sends it.</summary>
    public string Reveal() => _value ?? "";

    public override string ToString() => IsEmpty ? "" : "***";
}

/// <summary>Lets configuration binders read a <see cref="Secret"/> from a string.</summary>
public sealed class SecretConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? new Secret(text) : base.ConvertFrom(context, culture, value);
}
