using System.Globalization;
using System.Reflection;
using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Options;

/// <summary>How one type is read from text.</summary>
/// <param name="Expected">What is expected, for messages: <c>a whole number</c>.</param>
/// <param name="Cure">What to write instead of a wrong value.</param>
/// <param name="Read">The value, or null when the text is not one.</param>
internal sealed record ScalarReader(string Expected, string Cure, Func<string, object?> Read)
{
    private static readonly Dictionary<Type, ScalarReader> Known = new()
    {
        [typeof(string)] = new("a string", "write e.g. \"text\"", static text => text),
        [typeof(bool)] = new("true or false", "write true or false", static text => ReadBoolean(text)),
        [typeof(int)] = Number<int>("a whole number", "500", NumberStyles.AllowLeadingSign),
        [typeof(long)] = Number<long>("a whole number", "500", NumberStyles.AllowLeadingSign),
        [typeof(decimal)] = Number<decimal>("a number", "0.5", NumberStyles.Float),
        [typeof(double)] = Number<double>("a number", "0.5", NumberStyles.Float),
        [typeof(TimeSpan)] = new(
            "a duration",
            "write e.g. 500ms, 30s, 5m, 12h or 7d",
            static text => HoconDuration.TryParse(text, out var duration) ? duration : null
        ),
        [typeof(TimeOnly)] = new("a time of day", "write e.g. \"21:00\"", static text => ReadTimeOfDay(text)),
        [typeof(ByteSize)] = new(
            "a size",
            "write e.g. 64KiB, 64MiB or 1GiB",
            static text => ByteSize.TryParse(text, out var size) ? size : null
        ),
        [typeof(Uri)] = new(
            "an absolute URI",
            "write e.g. \"https://example.com/path\"",
            static text => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null
        ),
    };

    /// <summary>The reader of a type, or null when the type is not read from text.</summary>
    public static ScalarReader? For(Type type) =>
        Known.TryGetValue(type, out var reader) ? reader
        : type.IsEnum ? Enumeration(type)
        : IsParsable(type) ? Parsable(type)
        : null;

    private static bool? ReadBoolean(string text) =>
        text switch
        {
            "true" or "yes" or "on" or "True" => true,
            "false" or "no" or "off" or "False" => false,
            _ => null,
        };

    private static TimeOnly? ReadTimeOfDay(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    private static ScalarReader Number<T>(string expected, string example, NumberStyles style)
        where T : struct, System.Numerics.INumberBase<T> =>
        new(
            expected,
            $"write e.g. {example}",
            text =>
                T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number)
                    ? number
                    : null
        );

    private static ScalarReader Enumeration(Type type)
    {
        var words = Enum.GetNames(type)
            .ToDictionary(KebabCase.Of, name => Enum.Parse(type, name), StringComparer.OrdinalIgnoreCase);
        return new ScalarReader(
            $"one of {string.Join(", ", words.Keys)}",
            "write one of these words",
            text => words.GetValueOrDefault(text)
        );
    }

    private static bool IsParsable(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));

    private static ScalarReader Parsable(Type type)
    {
        var read = typeof(ScalarReader)
            .GetMethod(nameof(ReadParsable), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type)
            .CreateDelegate<Func<string, object?>>();
        return new ScalarReader($"a {KebabCase.Of(type.Name).Replace('-', ' ')}", "correct the value", read);
    }

    private static object? ReadParsable<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
