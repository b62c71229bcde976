using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using HandlebarsDotNet;
using NodaTime;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// The functions that templates may call: <c>{{default value "fallback"}}</c>, <c>{{date value "format"
/// zone="Europe/Berlin"}}</c>, <c>{{money value "EUR"}}</c>; in bodies of JSON also <c>{{json value}}</c>.
/// </summary>
internal static class TemplateFunctions
{
    public const string Json = "json";

    /// <summary>Names the time zone that <c>date</c> writes in.</summary>
    public const string Zone = "zone";

    // How many values each takes, besides zone=...
    private static readonly FrozenDictionary<string, (int Least, int Most)> Counts = new Dictionary<string, (int, int)>(
        StringComparer.Ordinal
    )
    {
        ["date"] = (1, 2),
        ["default"] = (2, 2),
        [Json] = (1, 1),
        ["money"] = (1, 2),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(Counts.Keys, StringComparer.Ordinal);

    /// <summary>What is wrong with giving a function so many values besides <c>zone=...</c>; null if nothing.</summary>
    public static string? CountMistake(string function, int given)
    {
        var (least, most) = Counts[function];
        string count = least == most ? $"{least}" : $"{least} or {most}";
        string values = most == 1 ? "value" : "values";
        return given < least || given > most ? $"'{function}' takes {count} {values}, not {given}" : null;
    }

    public static void Register(IHandlebars engine, TemplateLocale locale)
    {
        engine.RegisterHelper("default", Default);
        engine.RegisterHelper("date", (_, arguments) => Date(locale, arguments));
        engine.RegisterHelper("money", (_, arguments) => Money(locale, arguments));
        engine.RegisterHelper(Json, WriteJson);
    }

    private static object? Default(Context context, Arguments arguments)
    {
        RequireCount("default", arguments.Length);
        return TextOf(arguments[0]).Length > 0 ? arguments[0] : arguments[1];
    }

    private static string Date(TemplateLocale locale, Arguments arguments)
    {
        var (count, zone) = ReadZone(arguments);
        RequireCount("date", count);
        string text = Required("date", arguments);
        string format = count > 1 ? TextOf(arguments[1]) : "yyyy-MM-dd";
        if (!TryReadInstant(text, out var instant))
        {
            throw new TemplateException(
                $"'date' was given '{Shown(text)}', which is neither ISO 8601 nor Unix milliseconds"
            );
        }

        try
        {
            var local = Instant.FromDateTimeOffset(instant).InZone(zone);
            return local.ToDateTimeOffset().ToString(format, locale.Culture);
        }
        catch (FormatException)
        {
            throw new TemplateException($"'date' was given the format '{Shown(format)}', which is none");
        }
    }

    private static string Money(TemplateLocale locale, Arguments arguments)
    {
        RequireCount("money", arguments.Length);
        string text = Required("money", arguments);
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount))
        {
            throw new TemplateException($"'money' was given '{Shown(text)}', which is no number");
        }

        string currency = arguments.Length > 1 ? TextOf(arguments[1]) : "";
        return locale.Money(amount, currency.Length > 0 ? currency : null);
    }

    /// <summary>How many values there are besides <c>zone=...</c>, and what that says; UTC without it.</summary>
    private static (int Count, DateTimeZone Zone) ReadZone(in Arguments arguments)
    {
        if (arguments.Length == 0 || arguments[arguments.Length - 1] is not IDictionary<string, object?> named)
        {
            return (arguments.Length, DateTimeZone.Utc);
        }

        string name = named.TryGetValue(Zone, out object? value) ? TextOf(value) : "";
        var zone =
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(name)
            ?? throw new TemplateException($"'date' was given the zone '{Shown(name)}', which is none");
        return (arguments.Length - 1, zone);
    }

    // A value as JSON spells it, quotes included: the only output that is not encoded.
    private static void WriteJson(EncodedTextWriter writer, Context context, Arguments arguments)
    {
        RequireCount(Json, arguments.Length);
        string text = arguments[0] switch
        {
            UndefinedBindingResult missing => throw new MissingValueException(missing.Value),
            JsonElement { ValueKind: JsonValueKind.String } element => JsonSerializer.Serialize(JsonText.Of(element)),
            JsonElement element => element.GetRawText(),
            var literal => JsonSerializer.Serialize(literal),
        };
        writer.WriteSafeString(text);
    }

    private static bool TryReadInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long milliseconds))
        {
            return DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
                out instant
            );
        }

        bool isInRange =
            milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        instant = isInRange ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isInRange;
    }

    private static void RequireCount(string function, int given)
    {
        if (CountMistake(function, given) is { } mistake)
        {
            throw new TemplateException(mistake);
        }
    }

    private static string Required(string function, in Arguments arguments)
    {
        string text = TextOf(arguments[0]);
        if (arguments[0] is UndefinedBindingResult missing)
        {
            throw new MissingValueException(missing.Value);
        }

        return text.Length > 0 ? text : throw new TemplateException($"'{function}' was given nothing");
    }

    private static string TextOf(object? value) =>
        value switch
        {
            null or UndefinedBindingResult => "",
            JsonElement { ValueKind: JsonValueKind.String } text => JsonText.Of(text),
            JsonElement { ValueKind: JsonValueKind.Null } => "",
            JsonElement element => element.GetRawText(),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
