using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Templates;

public sealed class TemplateCompilationTests
{
    [Theory]
    [InlineData("Hi {{profile.name", "line 1, column 4", "no '}}'")]
    [InlineData("a\nb {{profile.name}", "line 2, column 3", "one '}'")]
    [InlineData("{{#if profile.name}}x", "line 1, column 1", "{{#if}} has no {{/if}}")]
    [InlineData(
        "{{#if profile.a}}{{#each profile.b}}{{/if}}",
        "line 1, column 37",
        "{{/if}} stands where {{/each}} should"
    )]
    [InlineData("x{{/if}}", "line 1, column 2", "closes nothing")]
    [InlineData("x{{else}}", "line 1, column 2", "outside of a block")]
    [InlineData("{{#if}}{{/if}}", "line 1, column 1", "needs a value")]
    [InlineData(
        "{{#profile.x}}{{/profile.x}}",
        "line 1, column 1",
        "no block 'profile.x'; there are if, unless, each, with"
    )]
    [InlineData("{{^profile.x}}{{/profile.x}}", "line 1, column 1", "#unless")]
    [InlineData("{{profil.name}}", "line 1, column 1", "no 'profil'; a push has customer, profile,")]
    [InlineData("{{default profil.name 'x'}}", "line 1, column 1", "no 'profil'")]
    [InlineData("{{#if profil.name}}{{/if}}", "line 1, column 1", "no 'profil'")]
    [InlineData("{{upper profile.name}}", "line 1, column 1", "no function 'upper'; there are date, default, money")]
    [InlineData("{{lookup profile event.key}}", "line 1, column 1", "no function 'lookup'")]
    [InlineData("{{#if (eq profile.a 1)}}{{/if}}", "line 1, column 1", "no function 'eq'")]
    [InlineData("{{date}}", "line 1, column 1", "'date' needs a value")]
    [InlineData("{{default (date) 1}}", "line 1, column 1", "'date' needs a value")]
    [InlineData("{{default (date profile.x 1}}", "line 1, column 1", "'(' has no ')'")]
    [InlineData("{{default profile.x) 1}}", "line 1, column 1", "')' has no '('")]
    [InlineData("{{{profile.name}}}", "line 1, column 1", "unescaped output")]
    [InlineData("{{&profile.name}}", "line 1, column 1", "unescaped output")]
    [InlineData("{{> footer}}", "line 1, column 1", "no 'footer' under partials")]
    [InlineData("{{#> footer}}{{/footer}}", "line 1, column 1", "no block '>'")]
    [InlineData("{{#*inline \"x\"}}{{/inline}}", "line 1, column 1", "no block '*inline'")]
    [InlineData("{{!-- open", "line 1, column 1", "this comment has no '--}}'")]
    [InlineData("{{default profile.x \"open}}", "line 1, column 1", "a \" without its end")]
    [InlineData("{{profile.x}}}", "line 1, column 1", "closed by '}}}': put a blank before the last '}'")]
    [InlineData("{{default profile.x}}", "line 1, column 1", "'default' takes 2 values, not 1")]
    [InlineData("a {{default profile.x 1 2}}", "line 1, column 3", "'default' takes 2 values, not 3")]
    [InlineData("{{default (money profile.x \"EUR\" 2) 1}}", "line 1, column 1", "'money' takes 1 or 2 values, not 3")]
    [InlineData("{{default (default profile.x (money 1)) 1 2}}", "line 1, column 1", "'default' takes 2 values, not 3")]
    [InlineData("{{#if (default profile.x)}}{{/if}}", "line 1, column 1", "'default' takes 2 values, not 1")]
    [InlineData("{{date transition.at \"d\" \"e\" zone=\"Europe/Berlin\"}}", "line 1, column 1", "not 3")]
    [InlineData("{{ }}", "line 1, column 1", "empty")]
    public void A_mistake_is_named_with_its_place(string source, string place, string message)
    {
        var error = Errors(new TemplateOptions { Text = source }).ShouldHaveSingleItem();

        error.Key.ShouldBe("templates.vip.text");
        error.Message.ShouldStartWith(place);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("{{default (default profile.x (money 1 'EUR')) 'a b'}}")]
    [InlineData("{{date transition.at \"d MMM\" zone=\"Europe/Berlin\"}}{{date transition.at zone=profile.zone}}")]
    [InlineData("{{#if (default profile.x 1)}}{{money profile.y}}{{else if (default profile.z 2)}}{{/if}}")]
    [InlineData("{{profile.x}} }")]
    public void What_is_right_is_taken(string source) => Errors(new TemplateOptions { Text = source }).ShouldBeEmpty();

    [Theory]
    [InlineData("<a href=\"{{profile.site}}\">")]
    [InlineData("<img src = '{{profile.picture}}'>")]
    [InlineData("<a HREF={{profile.site}}>")]
    public void A_value_may_not_begin_an_address_in_html(string source) =>
        Errors(new TemplateOptions { Html = source }).ShouldHaveSingleItem().Message.ShouldContain("javascript:");

    [Fact]
    public void A_value_may_continue_an_address_in_html() =>
        Errors(new TemplateOptions { Html = "<a href=\"https://shop.example/{{profile.id}}\">" }).ShouldBeEmpty();

    [Fact]
    public void Every_part_and_template_reports_its_mistakes()
    {
        TemplateSet.Compile(
            new Dictionary<string, TemplateOptions>(StringComparer.Ordinal)
            {
                ["a"] = new() { Subject = "{{", Html = "{{/if}}" },
                ["b"] = new() { Chat = "{{{x}}}" },
                ["c"] = new(),
            },
            new TemplateLimits(),
            out var errors
        );

        errors
            .Select(error => error.Key)
            .ShouldBe(["templates.a.subject", "templates.a.html", "templates.b.chat", "templates.c.text"]);
    }

    [Fact]
    public void Depth_and_length_of_the_source_are_bounded()
    {
        string deep =
            string.Concat(Enumerable.Repeat("{{#if customer}}", 17)) + string.Concat(Enumerable.Repeat("{{/if}}", 17));

        Errors(new TemplateOptions { Text = deep }).ShouldHaveSingleItem().Message.ShouldContain("deeper than 16");
        Errors(new TemplateOptions { Text = new string('x', 70_000) })
            .ShouldHaveSingleItem()
            .Message.ShouldContain("longer");
    }

    [Fact]
    public void A_configured_default_replaces_the_built_in_one()
    {
        var set = TestServices.Templates(("default", new TemplateOptions { Text = "x" }));

        set.Names.ShouldBe(["default"]);
    }

    private static IReadOnlyList<OptionError> Errors(TemplateOptions options)
    {
        TemplateSet.Compile(
            new Dictionary<string, TemplateOptions>(StringComparer.Ordinal) { ["vip"] = options },
            new TemplateLimits(),
            out var errors
        );
        return errors;
    }
}
