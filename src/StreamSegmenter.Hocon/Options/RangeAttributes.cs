using System.ComponentModel.DataAnnotations;
using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Options;

/// <summary>Bounds of a duration, both included, in HOCON's form: <c>[DurationRange("1s", "7d")]</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class DurationRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    private readonly TimeSpan _minimum = Read(minimum);
    private readonly TimeSpan _maximum = Read(maximum);

    /// <summary>The shortest duration allowed.</summary>
    public string Minimum => minimum;

    /// <summary>The longest duration allowed.</summary>
    public string Maximum => maximum;

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null || (value is TimeSpan duration && duration >= _minimum && duration <= _maximum);

    private static TimeSpan Read(string text) =>
        HoconDuration.TryParse(text, out var duration)
            ? duration
            : throw new ArgumentException($"\"{text}\" is not a duration", nameof(text));
}

/// <summary>Bounds of a size, both included, in HOCON's form: <c>[SizeRange("1KiB", "1GiB")]</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SizeRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    private readonly ByteSize _minimum = ByteSize.Parse(minimum, provider: null);
    private readonly ByteSize _maximum = ByteSize.Parse(maximum, provider: null);

    /// <summary>The smallest size allowed.</summary>
    public string Minimum => minimum;

    /// <summary>The largest size allowed.</summary>
    public string Maximum => maximum;

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null || (value is ByteSize size && size >= _minimum && size <= _maximum);
}
