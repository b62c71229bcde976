using System.Text.Json;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Templates;

/// <summary>Languages of texts, and how dates and amounts are written in them: as Node.js' ICU writes them.</summary>
public sealed class LocaleTests
{
    // The months' fifth days, and amounts of both signs around the borders of grouping and rounding.
    private const string Oracle = """
        const dates = [...Array(12).keys()].map(month => Date.UTC(2021, month, 5, 12));
        const amounts = [0, 0.004, -0.004, 1, -1.5, 12.345, 999.995, 1234.5, -1234.5, 12345.6, -1234567.89];
        const of = (locale, type, options, values) =>
            values.map(value => new Intl[type](locale, options).format(value));
        const write = locale => ({
            long: of(locale, "DateTimeFormat", { dateStyle: "long", timeZone: "UTC" }, dates),
            short: of(locale, "DateTimeFormat",
                { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }, dates),
            weekday: of(locale, "DateTimeFormat", { weekday: "long", timeZone: "UTC" }, dates),
            month: of(locale, "DateTimeFormat", { month: "long", timeZone: "UTC" }, dates),
            ...Object.fromEntries(["EUR", "CHF", "JPY", "KWD", "XYZ"].map(currency =>
                [currency, of(locale, "NumberFormat", { style: "currency", currency }, amounts)])),
        });
        const [locales] = process.argv.slice(1).map(JSON.parse);
        process.stdout.write(JSON.stringify(Object.fromEntries(locales.map(l => [l, write(l)]))));
        """;

    private static readonly decimal[] Amounts =
    [
        0m,
        0.004m,
        -0.004m,
        1m,
        -1.5m,
        12.345m,
        999.995m,
        1234.5m,
        -1234.5m,
        12345.6m,
        -1234567.89m,
    ];

    [NeedsFact("node")]
    public async Task Dates_and_amounts_are_written_as_ICU_writes_them()
    {
        string[] arguments = ["-e", Oracle, JsonSerializer.Serialize(LocaleTable.Names)];
        string output = await Programs.RunAsync("node", arguments, Path.GetTempPath());
        var expected = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(output)!;

        expected.Count.ShouldBe(9);
        foreach (var (name, written) in expected)
        {
            var locale = TemplateLocale.Of(name);
            foreach (var (kind, texts) in written)
            {
                string[] ours = kind switch
                {
                    "long" => Dates(locale, "D"),
                    "short" => Dates(locale, "d"),
                    "weekday" => Dates(locale, "dddd"),
                    "month" => Dates(locale, "MMMM"),
                    _ => [.. Amounts.Select(amount => locale.Money(amount, kind))],
                };
                // ICU writes the sign of an amount that rounds to nothing; nobody owes minus nothing.
                bool isMoney = kind.Length == 3;
                ours.ShouldBe(
                    texts.Select(text => isMoney && IsNothing(text) ? text.Replace("-", "") : text),
                    $"{name} {kind}"
                );
            }
        }
    }

    [Theory]
    [InlineData("\"de\"", "Hallo Ann, 5. Januar 2020, 1.234,50\u00A0€")]
    [InlineData("\"de-AT\"", "Hallo Ann, 5. Januar 2020, 1.234,50\u00A0€")]
    [InlineData("\"de_CH\"", "Grüezi Ann")]
    [InlineData("\"DE-ch\"", "Grüezi Ann")]
    [InlineData("\"fr-CA\"", "Hello Ann, 5 January 2020, €1,234.50")]
    [InlineData("\"../etc\"", "Hello Ann, 5 January 2020, €1,234.50")]
    [InlineData("\"\"", "Hello Ann, 5 January 2020, €1,234.50")]
    [InlineData("null", "Hello Ann, 5 January 2020, €1,234.50")]
    [InlineData("{}", "Hello Ann, 5 January 2020, €1,234.50")]
    [InlineData("7", "Hello Ann, 5 January 2020, €1,234.50")]
    public void A_reader_gets_the_nearest_language(string locale, string expected)
    {
        const string rest = "{{profile.name}}, {{date profile.born 'D'}}, {{money profile.spent 'EUR'}}";
        var options = new TemplateOptions
        {
            Subject = "S",
            Text = "Hello " + rest,
            Chat = "chat",
            Locale = "en-GB",
            Locales = new Dictionary<string, TemplateParts>(StringComparer.Ordinal)
            {
                ["de"] = new() { Text = "Hallo " + rest },
                ["de-CH"] = new() { Text = "Grüezi {{profile.name}}" },
            },
        };

        Render(options, TemplatePart.Text, locale).ShouldBe(expected);
        Render(options, TemplatePart.Subject, locale).ShouldBe("S");
        // A translated text stands in for chat before another language's chat does.
        Render(options, TemplatePart.Chat, locale)
            .ShouldBe(expected.StartsWith("Hello", StringComparison.Ordinal) ? "chat" : expected);
    }

    [Theory]
    [InlineData("{{date profile.at 'yyyy-MM-dd HH:mm' zone=\"Europe/Berlin\"}}", "2020-07-01 01:30")]
    [InlineData("{{date profile.at 'yyyy-MM-dd HH:mm zzz' zone='America/New_York'}}", "2020-06-30 19:30 -04:00")]
    [InlineData("{{date profile.at 'HH:mm' zone=profile.zone}}", "05:00")]
    [InlineData("{{date profile.at 'HH:mm'}}", "23:30")]
    [InlineData("{{default (date profile.at 'HH:mm' zone='Asia/Kolkata') '-'}}", "05:00")]
    public void A_date_is_written_in_the_zone_that_is_asked_for(string source, string expected) =>
        Render(new() { Text = source }, TemplatePart.Text, "null").ShouldBe(expected);

    [Theory]
    [InlineData("{{date profile.at zone='Europe/Berln'}}", "there is no time zone 'Europe/Berln'")]
    [InlineData("{{date profile.at zone= 'Europe/Berlin'}}", "needs a time zone right behind it")]
    [InlineData("{{date profile.at zon='Europe/Berlin'}}", "'zon=' means nothing here")]
    [InlineData("{{money profile.at zone='Europe/Berlin'}}", "'zone=' means nothing here")]
    [InlineData("{{date profile.at zone=profil.zone}}", "there is no 'profil'")]
    public void A_zone_that_is_none_is_refused_at_start(string source, string expected) =>
        Errors(new() { Text = source }).ShouldHaveSingleItem().Message.ShouldContain(expected);

    [Fact]
    public void A_zone_of_a_customers_that_is_none_rejects_the_push() =>
        Render(new() { Text = "{{date profile.at zone=profile.name}}" }, TemplatePart.Text, "null")
            .ShouldBe("Template 't', text: 'date' was given the zone 'Ann', which is none.");

    [Fact]
    public void Names_that_are_no_locales_are_refused()
    {
        var errors = Errors(
            new()
            {
                Text = "x",
                Locale = "English",
                Locales = new Dictionary<string, TemplateParts>(StringComparer.Ordinal)
                {
                    ["german!"] = new() { Text = "x" },
                    ["pt-BR"] = new() { Text = "{{" },
                    ["pt_br"] = new() { Text = "x" },
                    ["fr"] = new(),
                },
            }
        );

        errors
            .Select(error => error.Key)
            .ShouldBe([
                "templates.t.locale",
                "templates.t.locales.german!.text",
                "templates.t.locales.pt-BR.text",
                "templates.t.locales.pt_br.text",
                "templates.t.locales.fr.text",
            ]);
    }

    private static bool IsNothing(string text) => !text.Any(c => c is >= '1' and <= '9');

    private static string[] Dates(TemplateLocale locale, string format) =>
        [.. Enumerable.Range(1, 12).Select(month => new DateTime(2021, month, 5).ToString(format, locale.Culture))];

    private static IReadOnlyList<OptionError> Errors(TemplateOptions options)
    {
        TemplateSet.Compile(
            new Dictionary<string, TemplateOptions>(StringComparer.Ordinal) { ["t"] = options },
            new TemplateLimits(),
            out var errors
        );
        return errors;
    }

    private static string Render(TemplateOptions options, TemplatePart part, string locale)
    {
        string profile = $$"""
            { "name": "Ann", "born": "2020-01-05", "spent": 1234.50, "at": "2020-06-30T23:30:00Z",
              "zone": "Asia/Kolkata", "locale": {{locale}} }
            """;
        PushPayload.TryParse(Pushes.Create(profile), out var payload, out _).ShouldBeTrue();
        using (payload)
        {
            TestServices.Templates(("t", options)).TryChoose(payload, "t", out var template, out _).ShouldBeTrue();
            template.TryRender(part, payload, out string? text, out var refusal, default);
            return text ?? refusal!.Detail;
        }
    }
}
