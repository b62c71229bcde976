using Microsoft.Extensions.Configuration;
using StreamSegmenter.Connectors.Discord;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Freshdesk;
using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.RequestTracker;
using StreamSegmenter.Connectors.SendGrid;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Teams;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Webhook;
using StreamSegmenter.Connectors.Zendesk;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>The module's reference.conf and its classes of options say the same.</summary>
public sealed class ConnectorDefaultsTests
{
    private static readonly HoconDocument Reference = HoconDocument.Parse(
        ConnectorDefaults.ReadText(),
        "reference.conf"
    );

    public static TheoryData<string> Types => [.. ConnectorFactory.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_option_has_its_key_and_every_key_its_option(string type)
    {
        ConnectorFactory.TryCreateOptions(type, out var options).ShouldBeTrue();

        OptionsReference.Check(options.GetType(), $"connector-defaults.{type}", Reference).ShouldBeEmpty();
        OptionsReference.Check(typeof(TemplateLimits), "template-limits", Reference).ShouldBeEmpty();
    }

    [Fact]
    public void The_document_and_the_classes_have_the_same_defaults()
    {
        Same(Bind<Connectors.Console.ConsoleOptions>("connector-defaults.console"));
        Same(Bind<EmailOptions>("connector-defaults.email"));
        Same(Bind<Connectors.Files.FileOptions>("connector-defaults.file"));
        Same(Bind<DiscordOptions>("connector-defaults.discord"));
        Same(Bind<SendGridOptions>("connector-defaults.sendgrid"));
        Same(Bind<SlackApiOptions>("connector-defaults.slack"));
        Same(Bind<TeamsOptions>("connector-defaults.teams"));
        Same(Bind<SlackOptions>("connector-defaults.slack-webhook"));
        Same(Bind<FreshdeskOptions>("connector-defaults.freshdesk"));
        Same(Bind<RequestTrackerOptions>("connector-defaults.request-tracker"));
        Same(Bind<HttpApiOptions>("connector-defaults.http"));
        Same(Bind<Connectors.Kafka.KafkaOptions>("connector-defaults.kafka"));
        Same(Bind<WebhookOptions>("connector-defaults.webhook"));
        Same(Bind<ZendeskOptions>("connector-defaults.zendesk"));
        Same(Bind<TemplateLimits>("template-limits"));
    }

    [Fact]
    public void A_configured_connector_is_made_from_its_keys_and_the_defaults()
    {
        var options = Bind<EmailOptions>(
            "connectors.news",
            """
            connectors.news = ${connector-defaults.email} {
              type = email, host = mail.example.com, security = tls, port = 465, timeout = 1m
              username = shop, password = hush, from = "Shop <shop@example.com>"
            }
            """
        );

        options.Security.ShouldBe(MailSecurity.Tls);
        options.Timeout.ShouldBe(TimeSpan.FromMinutes(1));
        options.Password.ShouldNotBeNull().Reveal().ShouldBe("hush");
        options.MaxConnections.ShouldBe(4);
        TestServices.Connector(options);
    }

    [Fact]
    public void Secrets_of_a_webhook_are_read_as_a_list()
    {
        var options = Bind<WebhookOptions>(
            "connectors.hook",
            """connectors.hook = ${connector-defaults.webhook} { url = "https://example.com/", secrets = [a, b] }"""
        );

        options.Secrets.Select(secret => secret.Reveal()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Headers_and_answers_are_read_as_they_are_written()
    {
        var options = Bind<HttpApiOptions>(
            "connectors.chat",
            """
            connectors.chat = ${connector-defaults.http} {
              url = "https://example.com/", headers { X-Api-Key = hush, Accept = "application/json" }
              answers = [ { status = 2xx, field = error.code, value = busy, means = retry } ]
            }
            """
        );

        options.Headers.Keys.ShouldBe(["X-Api-Key", "Accept"], ignoreOrder: true);
        options.Headers["X-Api-Key"].Reveal().ShouldBe("hush");
        options.Answers.ShouldHaveSingleItem().Field.ShouldBe("error.code");
        options.Answers[0].Means.ShouldBe(DeliveryOutcome.Retry);
        TestServices.Connector(options);
    }

    private static T Bind<T>(string section, string text = "")
        where T : class
    {
        var document = HoconDocument.Parse(text, "user.conf").WithFallback(Reference);
        var configuration = new ConfigurationBuilder().AddHocon(document).Build();
        var result = new OptionsBinder(configuration, NoFiles.Instance).Bind<T>(section);
        result.Errors.ShouldBeEmpty();
        return result.Value.ShouldNotBeNull();
    }

    private static void Same<T>(T bound)
        where T : new()
    {
        var fresh = new T();
        foreach (
            var property in typeof(T).GetProperties().Where(p => p.CanWrite && p.Name != nameof(ConnectorOptions.Type))
        )
        {
            var (left, right) = (Shown(property.GetValue(bound)), Shown(property.GetValue(fresh)));
            string name = $"{typeof(T).Name}.{property.Name}";
            if (left is System.Collections.ICollection items)
            {
                items.Count.ShouldBe(((System.Collections.ICollection)right!).Count, name);
            }
            else
            {
                left.ShouldBe(right, name);
            }
        }
    }

    private static object? Shown(object? value) => value is Secret secret ? secret.Reveal() : value;
}
