using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// How dates and amounts are written in a language. The names and patterns are those of Unicode's CLDR 48 for the
/// languages in <see cref="LocaleTable"/>; they come along, so that a machine without ICU writes the same.
/// </summary>
internal sealed partial class TemplateLocale
{
    // ISO 4217's minor units, where they are not two.
    private static readonly FrozenDictionary<string, int> MinorUnits = new Dictionary<string, int>(
        StringComparer.Ordinal
    )
    {
        ["BHD"] = 3,
        ["CLP"] = 0,
        ["IQD"] = 3,
        ["ISK"] = 0,
        ["JOD"] = 3,
        ["JPY"] = 0,
        ["KRW"] = 0,
        ["KWD"] = 3,
        ["OMR"] = 3,
        ["PYG"] = 0,
        ["TND"] = 3,
        ["UGX"] = 0,
        ["VND"] = 0,
        ["XAF"] = 0,
        ["XOF"] = 0,
        ["XPF"] = 0,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly LocaleFormats? _formats;

    private TemplateLocale(LocaleFormats? formats) =>
        (_formats, Culture) = (formats, formats?.ToCulture() ?? CultureInfo.InvariantCulture);

    /// <summary>No language's: ISO dates, <c>1,234.50 EUR</c>.</summary>
    public static TemplateLocale Invariant { get; } = new(null);

    /// <summary>For dates.</summary>
    public CultureInfo Culture { get; }

    /// <summary>
    /// In lower case with hyphens, <c>pt_BR</c> as <c>pt-br</c>; false if it is no name of a locale.
    /// </summary>
    public static bool TryNormalise(string? name, [NotNullWhen(true)] out string? normalised)
    {
        bool isName = name is not null && LocaleName().IsMatch(name);
        normalised = isName ? name!.Replace('_', '-').ToLowerInvariant() : null;
        return isName;
    }

    /// <summary>The name itself, then ever less of it: <c>zh-hant-tw</c>, <c>zh-hant</c>, <c>zh</c>.</summary>
    public static IEnumerable<string> Chain(string normalised)
    {
        for (string name = normalised; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('-'))])
        {
            yield return name;
        }
    }

    /// <summary>The locale of a normalised name, or of its language; else <see cref="Invariant"/>.</summary>
    public static TemplateLocale Of(string normalised) =>
        Chain(normalised).Select(LocaleTable.Find).FirstOrDefault(found => found is not null) is { } formats
            ? new(formats)
            : Invariant;

    /// <param name="currency">ISO 4217's code; null for the amount alone.</param>
    public string Money(decimal amount, string? currency)
    {
        int digits = currency is null ? 2 : MinorUnits.GetValueOrDefault(currency, 2);
        string format = string.Create(CultureInfo.InvariantCulture, $"N{digits}");
        decimal rounded = Math.Round(Math.Abs(amount), digits, MidpointRounding.AwayFromZero);
        string number = rounded.ToString(format, Numbers(rounded));
        string sign = amount < 0 && rounded != 0 ? "-" : "";
        if (currency is null)
        {
            return sign + number;
        }

        if (_formats is null)
        {
            return $"{sign}{number} {currency}";
        }

        string symbol = _formats.Symbols.GetValueOrDefault(currency, currency);
        string gap = char.IsLetter(symbol[^1]) ? "\u00A0" : "";
        return _formats.Money switch
        {
            MoneyPlace.Before => $"{sign}{symbol}{gap}{number}",
            MoneyPlace.BeforeWithGap => $"{sign}{symbol}\u00A0{number}",
            MoneyPlace.BeforeSign => $"{symbol}\u00A0{sign}{number}",
            _ => $"{sign}{number}\u00A0{symbol}",
        };
    }

    private NumberFormatInfo Numbers(decimal amount)
    {
        if (_formats is null)
        {
            return NumberFormatInfo.InvariantInfo;
        }

        bool isGrouped = amount >= (_formats.GroupsFromFiveDigits ? 10_000 : 1_000);
        return new()
        {
            NumberDecimalSeparator = _formats.DecimalMark,
            NumberGroupSeparator = isGrouped ? _formats.GroupMark : "",
        };
    }

    [GeneratedRegex("^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LocaleName();
}

/// <summary>Where a currency stands.</summary>
internal enum MoneyPlace
{
    After,
    Before,
    BeforeWithGap,
    BeforeSign,
}

/// <summary>One language's way to write dates and amounts.</summary>
/// <param name="Months">Separated by blanks, as are all names; those of dates are in <paramref name="DatedMonths"/>.
/// </param>
/// <param name="Symbols">Of currencies; others are written by their code.</param>
internal sealed record LocaleFormats(
    string Months,
    string DatedMonths,
    string ShortMonths,
    string Days,
    string ShortDays,
    string LongDate,
    string ShortDate,
    string DecimalMark,
    string GroupMark,
    bool GroupsFromFiveDigits,
    MoneyPlace Money,
    IReadOnlyDictionary<string, string> Symbols
)
{
    public CultureInfo ToCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var dates = culture.DateTimeFormat;
        dates.MonthNames = [.. Months.Split(' '), ""];
        dates.MonthGenitiveNames = [.. DatedMonths.Split(' '), ""];
        dates.AbbreviatedMonthNames = [.. ShortMonths.Split(' '), ""];
        dates.AbbreviatedMonthGenitiveNames = [.. ShortMonths.Split(' '), ""];
        dates.DayNames = Days.Split(' ');
        dates.AbbreviatedDayNames = ShortDays.Split(' ');
        dates.LongDatePattern = LongDate;
        dates.ShortDatePattern = ShortDate;
        return culture;
    }
}
