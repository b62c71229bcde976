using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Connectors.Tests;

public sealed class ConnectorFactoryTests
{
    [Fact]
    public void Every_type_makes_options_of_its_own()
    {
        var kinds = ConnectorFactory.Types.Select(type =>
        {
            ConnectorFactory.TryCreateOptions(type, out var options).ShouldBeTrue();
            return options.GetType();
        });

        kinds.Distinct().Count().ShouldBe(ConnectorFactory.Types.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Console")]
    [InlineData("pigeon")]
    public void There_is_nothing_for_an_unknown_type(string type) =>
        ConnectorFactory.TryCreateOptions(type, out _).ShouldBeFalse();

    [Fact]
    public void Errors_name_their_keys()
    {
        var templates = TestServices.Templates(("bare", new TemplateOptions { Subject = "x" }));

        var errors = TestServices.Errors(
            new ConsoleOptions { Template = "bare", Timeout = TimeSpan.FromHours(1) },
            TestServices.Create(templates)
        );

        errors
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.timeout: 3600s is outside 0.001s to 600s",
                "connectors.c.template: template 'bare' has no text, which is needed here",
            ]);
    }

    [Fact]
    public void The_template_of_a_push_is_checked_at_start()
    {
        var push = new Dictionary<string, string>(StringComparer.Ordinal) { ["template"] = "nope" };

        var errors = new ConnectorFactory(TestServices.Create()).CheckPush(
            "segments.vip.on-enter[0]",
            push,
            new ConsoleOptions()
        );

        errors.ShouldHaveSingleItem().Key.ShouldBe("segments.vip.on-enter[0].template");
    }

    [Fact]
    public void The_relay_waits_as_long_as_a_connector_does()
    {
        var usual = new RelayOptions();
        foreach (string type in ConnectorFactory.Types)
        {
            ConnectorFactory.TryCreateOptions(type, out var options).ShouldBeTrue();
            options.Timeout = TimeSpan.FromSeconds(60);

            options.RelayOver(usual).AttemptTimeout.ShouldBeGreaterThanOrEqualTo(options.Timeout, type);
            options.Relay = new() { AttemptTimeout = TimeSpan.FromSeconds(20) };
            options.RelayOver(usual).AttemptTimeout.ShouldBe(TimeSpan.FromSeconds(20), type);
        }
    }

    [Fact]
    public void A_secret_shows_in_no_text()
    {
        var secret = new Secret("hush");

        $"{secret}".ShouldBe("***");
        secret.Reveal().ShouldBe("hush");
        System.Text.Json.JsonSerializer.Serialize(secret).ShouldNotContain("hush");
        Secret.Parse("x", provider: null).Reveal().ShouldBe("x");
    }
}
