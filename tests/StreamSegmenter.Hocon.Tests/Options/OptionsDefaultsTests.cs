using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Options;

/// <summary>Options that bring their defaults along, for sections that no reference can know.</summary>
public sealed class OptionsDefaultsTests
{
    [Fact]
    public void A_key_without_a_value_keeps_the_default()
    {
        var defaults = new HookOptions { Attempts = 5 };

        var bound = Bind("hook { url = \"https://x\", token = t }", defaults).Value;

        bound.ShouldBeOfType<HookOptions>();
        bound.Url.ShouldBe("https://x");
        ((HookOptions)bound).Attempts.ShouldBe(5);
        defaults.Url.ShouldBe("", "the defaults are left as they are");
    }

    [Fact]
    public void Keys_and_types_are_those_of_the_class_that_holds_the_defaults() =>
        Bind("hook { attempts = many, retries = 3 }", new HookOptions())
            .Errors.Select(static error => error.Key)
            .ShouldBe(["hook.retries", "hook.attempts"]);

    [Fact]
    public void A_secret_of_another_type_is_read_from_a_file_and_never_shown()
    {
        var files = new MemoryFiles { ["token.txt"] = "hidden\n" };

        var bound = Bind("hook.token = \"file:token.txt\"", new HookOptions(), files).Value;

        ((HookOptions)bound).Token.ShouldBe(new Password("hidden"));
    }

    [Fact]
    public void Top_level_keys_that_are_not_served_may_hold_any_name()
    {
        var document = HoconDocument.Parse("names { \"a:b\" = 1, x = 2, X = 3 }, hook { url = u }", "demo.conf");

        var configuration = new ConfigurationBuilder().AddHocon(document, static key => key != "names").Build();

        configuration.AsEnumerable().Select(static entry => entry.Key).ShouldBe(["hook", "hook:url"]);
    }

    private static OptionsResult<BaseOptions> Bind(string text, BaseOptions defaults, MemoryFiles? files = null)
    {
        var document = HoconDocument.Parse(text, "demo.conf");
        var configuration = new ConfigurationBuilder().AddHocon(document).Build();
        return new OptionsBinder(configuration, files ?? []) { SecretTypes = [typeof(Password)] }.Bind(
            "hook",
            defaults
        );
    }

    private abstract class BaseOptions
    {
        public string Url { get; set; } = "";
    }

    private sealed class HookOptions : BaseOptions
    {
        public int Attempts { get; set; } = 1;

        public Password Token { get; set; }
    }

    private readonly record struct Password(string Text) : IParsable<Password>
    {
        public static Password Parse(string s, IFormatProvider? provider) => new(s);

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Password result)
        {
            result = new(s ?? "");
            return s is not null;
        }
    }
}
