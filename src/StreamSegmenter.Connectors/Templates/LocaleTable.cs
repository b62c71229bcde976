using System.Collections.Frozen;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>The languages whose way to write dates and amounts is known, by their normalised names.</summary>
internal static class LocaleTable
{
    private static readonly FrozenDictionary<string, LocaleFormats> Locales = new Dictionary<string, LocaleFormats>(
        StringComparer.Ordinal
    )
    {
        ["en"] = new(
            Months: "January February March April May June July August September October November December",
            DatedMonths: "January February March April May June July August September October November December",
            ShortMonths: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
            Days: "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
            ShortDays: "Sun Mon Tue Wed Thu Fri Sat",
            LongDate: "MMMM d, yyyy",
            ShortDate: "MM/dd/yyyy",
            DecimalMark: ".",
            GroupMark: ",",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.Before,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["EUR"] = "€",
                ["USD"] = "$",
                ["GBP"] = "£",
                ["JPY"] = "¥",
            }
        ),
        ["en-gb"] = new(
            Months: "January February March April May June July August September October November December",
            DatedMonths: "January February March April May June July August September October November December",
            ShortMonths: "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
            Days: "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
            ShortDays: "Sun Mon Tue Wed Thu Fri Sat",
            LongDate: "d MMMM yyyy",
            ShortDate: "dd/MM/yyyy",
            DecimalMark: ".",
            GroupMark: ",",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.Before,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["EUR"] = "€",
                ["GBP"] = "£",
                ["JPY"] = "JP¥",
            }
        ),
        ["de"] = new(
            Months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            DatedMonths: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            ShortMonths: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
            Days: "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
            ShortDays: "So Mo Di Mi Do Fr Sa",
            LongDate: "d. MMMM yyyy",
            ShortDate: "dd.MM.yyyy",
            DecimalMark: ",",
            GroupMark: ".",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.After,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["EUR"] = "€",
                ["USD"] = "$",
                ["GBP"] = "£",
                ["JPY"] = "¥",
            }
        ),
        ["fr"] = new(
            Months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            DatedMonths: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            ShortMonths: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
            Days: "dimanche lundi mardi mercredi jeudi vendredi samedi",
            ShortDays: "dim. lun. mar. mer. jeu. ven. sam.",
            LongDate: "d MMMM yyyy",
            ShortDate: "dd/MM/yyyy",
            DecimalMark: ",",
            GroupMark: "\u202F",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.After,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal) { ["EUR"] = "€" }
        ),
        ["es"] = new(
            Months: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            DatedMonths: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            ShortMonths: "ene feb mar abr may jun jul ago sept oct nov dic",
            Days: "domingo lunes martes miércoles jueves viernes sábado",
            ShortDays: "dom lun mar mié jue vie sáb",
            LongDate: "d 'de' MMMM 'de' yyyy",
            ShortDate: "dd/MM/yyyy",
            DecimalMark: ",",
            GroupMark: ".",
            GroupsFromFiveDigits: true,
            Money: MoneyPlace.After,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal) { ["EUR"] = "€" }
        ),
        ["it"] = new(
            Months: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            DatedMonths: "gennaio febbraio marzo aprile maggio giugno luglio "
                + "agosto settembre ottobre novembre dicembre",
            ShortMonths: "gen feb mar apr mag giu lug ago set ott nov dic",
            Days: "domenica lunedì martedì mercoledì giovedì venerdì sabato",
            ShortDays: "dom lun mar mer gio ven sab",
            LongDate: "d MMMM yyyy",
            ShortDate: "dd/MM/yyyy",
            DecimalMark: ",",
            GroupMark: ".",
            GroupsFromFiveDigits: true,
            Money: MoneyPlace.After,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal) { ["EUR"] = "€", ["GBP"] = "£" }
        ),
        ["nl"] = new(
            Months: "januari februari maart april mei juni juli augustus september oktober november december",
            DatedMonths: "januari februari maart april mei juni juli augustus september oktober november december",
            ShortMonths: "jan feb mrt apr mei jun jul aug sep okt nov dec",
            Days: "zondag maandag dinsdag woensdag donderdag vrijdag zaterdag",
            ShortDays: "zo ma di wo do vr za",
            LongDate: "d MMMM yyyy",
            ShortDate: "dd-MM-yyyy",
            DecimalMark: ",",
            GroupMark: ".",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.BeforeSign,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["EUR"] = "€",
                ["GBP"] = "£",
                ["JPY"] = "JP¥",
            }
        ),
        ["pt"] = new(
            Months: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            DatedMonths: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            ShortMonths: "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
            Days: "domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado",
            ShortDays: "dom. seg. ter. qua. qui. sex. sáb.",
            LongDate: "d 'de' MMMM 'de' yyyy",
            ShortDate: "dd/MM/yyyy",
            DecimalMark: ",",
            GroupMark: ".",
            GroupsFromFiveDigits: false,
            Money: MoneyPlace.BeforeWithGap,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BRL"] = "R$",
                ["EUR"] = "€",
                ["GBP"] = "£",
                ["JPY"] = "JP¥",
            }
        ),
        ["pl"] = new(
            Months: "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
            DatedMonths: "stycznia lutego marca kwietnia maja czerwca lipca "
                + "sierpnia września października listopada grudnia",
            ShortMonths: "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            Days: "niedziela poniedziałek wtorek środa czwartek piątek sobota",
            ShortDays: "niedz. pon. wt. śr. czw. pt. sob.",
            LongDate: "d MMMM yyyy",
            ShortDate: "dd.MM.yyyy",
            DecimalMark: ",",
            GroupMark: "\u00A0",
            GroupsFromFiveDigits: true,
            Money: MoneyPlace.After,
            Symbols: new Dictionary<string, string>(StringComparer.Ordinal) { ["EUR"] = "€", ["PLN"] = "zł" }
        ),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Locales.Keys;

    public static LocaleFormats? Find(string normalised) => Locales.GetValueOrDefault(normalised);
}
