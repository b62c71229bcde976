using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Tests.Templates;

public sealed class PartialTests
{
    [Theory]
    [InlineData(TemplatePart.Text, "Hi <b>Ann</b> & co -- <b>Ann</b>")]
    [InlineData(TemplatePart.Html, "Hi &lt;b&gt;Ann&lt;/b&gt; <i>&lt;b&gt;Ann&lt;/b&gt;</i>")]
    [InlineData(TemplatePart.Chat, "Hi &lt;b&gt;Ann&lt;/b&gt; & co -- &lt;b&gt;Ann&lt;/b&gt;")]
    public void A_partial_is_written_as_its_part_wants(TemplatePart part, string expected)
    {
        const string hi = "Hi {{profile.name}} {{> footer}}";
        var set = Compile(
            new TemplateOptions { Text = hi, Html = hi },
            out var errors,
            ("footer", new() { Text = "& co {{> name}}", Html = "<i>{{profile.name}}</i>" }),
            ("name", new() { Text = "-- {{profile.name}}" })
        );

        errors.ShouldBeEmpty();
        Render(set, part).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a\n {{> nobody}}", "templates.t.text: line 2, column 2: there is no 'nobody' under partials")]
    [InlineData("{{> page}}", "templates.t.text: line 1, column 1: partial 'page' has no text, which is needed here")]
    [InlineData("{{> footer x=1}}", "templates.t.text: line 1, column 1: a partial is its name alone")]
    [InlineData("{{> (lookup profile 'x')}}", "templates.t.text: line 1, column 1: a partial is its name alone")]
    [InlineData(
        "{{#each profile.list}}{{> footer}}{{/each}}",
        "templates.t.text: line 1, column 23: a partial sees the push"
    )]
    public void A_partial_that_cannot_be_used_is_told_with_its_place(string source, string expected)
    {
        Compile(
            new TemplateOptions { Text = source },
            out var errors,
            ("footer", new() { Text = "bye" }),
            ("page", new() { Html = "<p>" })
        );

        errors.ShouldHaveSingleItem().ToString().ShouldStartWith(expected);
    }

    [Fact]
    public void Partials_that_contain_each_other_are_refused()
    {
        Compile(
            new TemplateOptions { Text = "x" },
            out var errors,
            ("a", new() { Text = "1\n{{> b}}" }),
            ("b", new() { Text = "{{> a}}" })
        );

        errors
            .Select(error => error.ToString())
            .ShouldBe([
                "partials.a.text: line 2, column 1: partial 'a' contains itself: a > b > a",
                "partials.b.text: line 1, column 1: partial 'b' contains itself: b > a > b",
            ]);
    }

    [Theory]
    [InlineData("{{{profile.name}}}", "unescaped output")]
    [InlineData("{{#if profile.name}}", "has no {{/if}}")]
    [InlineData("{{profil.name}}", "there is no 'profil'")]
    [InlineData("{{segment.nam}}", "there is no 'segment.nam'; there are name, description")]
    [InlineData("{{transition.when}}", "there is no 'transition.when'")]
    public void A_mistake_in_a_partial_is_the_partials(string source, string expected)
    {
        Compile(new TemplateOptions { Text = "x" }, out var errors, ("footer", new() { Text = source }));

        errors.ShouldHaveSingleItem().ToString().ShouldStartWith("partials.footer.text: line 1, column 1: ");
        errors[0].Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("{{{profile.name}}}", "unescaped output")]
    [InlineData("{{> nobody}}", "there is no 'nobody' under partials")]
    [InlineData("{{> self}}", "partial 'self' contains itself: self > self")]
    public void A_mistake_in_a_partial_is_told_once_however_often_it_is_used(string source, string expected)
    {
        var set = Compile(
            new TemplateOptions
            {
                Subject = "Hi {{> self}}",
                Text = "{{> around}} {{> self}}",
                Html = "<p>",
            },
            out var errors,
            ("around", new() { Text = "({{> self}})" }),
            ("self", new() { Text = source }),
            ("further", new() { Text = "{{> around}}" })
        );

        var error = errors.ShouldHaveSingleItem();
        error.Key.ShouldBe("partials.self.text");
        error.Message.ShouldContain(expected);
        var uses = new OptionErrors("");
        set.CheckUse("t", [TemplatePart.Text], "template", uses);
        uses.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_partial_cannot_smuggle_a_value_to_where_none_may_stand()
    {
        Compile(
            new TemplateOptions { Html = "<a href=\"{{> link}}\">" },
            out var errors,
            ("link", new() { Html = "{{profile.site}}" })
        );

        errors.ShouldHaveSingleItem().Message.ShouldContain("with its partials: a value may not begin an address");
    }

    [Fact]
    public void Partials_that_multiply_are_bounded()
    {
        var partials = Enumerable
            .Range(0, 30)
            .Select(i =>
                ($"p{i}", new PartialOptions { Text = i == 0 ? "0123456789" : $"{{{{> p{i - 1}}}}}{{{{> p{i - 1}}}}}" })
            );

        Compile(new TemplateOptions { Text = "{{> p29}}" }, out var errors, [.. partials]);

        errors.ShouldContain(error => error.Message.Contains("longer than 65536 characters"));
    }

    private static TemplateSet Compile(
        TemplateOptions template,
        out IReadOnlyList<OptionError> errors,
        params (string Name, PartialOptions Options)[] partials
    ) =>
        TemplateSet.Compile(
            new Dictionary<string, TemplateOptions>(StringComparer.Ordinal) { ["t"] = template },
            new TemplateLimits(),
            out errors,
            partials.ToDictionary(p => p.Name, p => p.Options, StringComparer.Ordinal)
        );

    private static string? Render(TemplateSet set, TemplatePart part)
    {
        PushPayload.TryParse(Pushes.Named("<b>Ann</b>"), out var payload, out _).ShouldBeTrue();
        set.TryChoose(payload, "t", out var template, out _).ShouldBeTrue();
        template.TryRender(part, payload, out string? text, out var refusal, default);
        return text ?? refusal!.Detail;
    }
}
