using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Tests.Configuration;

public sealed class ReferenceConfigurationTests
{
    public static TheoryData<string, Type> Sections() =>
        new()
        {
            { "dedupe", typeof(DedupeOptions) },
            { "limits", typeof(EventLimitOptions) },
            { "http", typeof(HttpOptions) },
            { "api", typeof(ApiOptions) },
            { "unsubscribe", typeof(UnsubscribeOptions) },
            { "ingest", typeof(IngestOptions) },
            { "storage", typeof(StorageOptions) },
            { "postgresql", typeof(PostgresqlOptions) },
            { "kafka", typeof(KafkaSection) },
            { "shards", typeof(ShardOptions) },
            { "policy", typeof(PolicyOptions) },
            { "relay", typeof(RelayOptions) },
        };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_option_has_its_key_there_and_every_key_its_option(string section, Type options) =>
        OptionsReference.Check(options, section, ReferenceConfiguration.Document).ShouldBeEmpty();

    [Fact]
    public void Every_section_is_bound() =>
        ReferenceConfiguration
            .Document.ResolveObject()
            .Keys.ShouldBe(
                [
                    .. Sections().Select(row => (string)row[0]),
                    "segments",
                    "connectors",
                    "templates",
                    "partials",
                    "time-zone",
                ],
                ignoreOrder: true
            );

    [Fact]
    public void Every_key_is_explained()
    {
        string[] lines = [.. ReferenceConfiguration.Text.Split('\n').Select(static line => line.Trim())];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains('=', StringComparison.Ordinal) && !lines[i].StartsWith('#'))
            {
                // Two keys may share the comment above the first.
                bool isExplained = lines[i - 1].StartsWith('#') || lines[i - 2].StartsWith('#');
                isExplained.ShouldBeTrue(lines[i]);
            }
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_classes_that_have_some()
    {
        var configuration = Loading.Loaded("");

        configuration.Limits.ShouldBe(EventLimits.Default);
        configuration.Shards.ShouldBe(new ShardOptions());
        configuration.Relay.ShouldBe(new RelayOptions());
        configuration.Rules.Options.ShouldBe(RuleSetOptions.Default);
        var policy = new PolicyOptions();
        var configured = configuration.Policy.Options;
        configured.Purposes.ShouldBe(policy.Purposes, ignoreOrder: true);
        configured.Channels.ShouldBeEmpty();
        configured.Caps.ShouldBeEmpty();
        (configured with { Purposes = policy.Purposes, Channels = policy.Channels, Caps = policy.Caps }).ShouldBe(
            policy
        );
        var ingest = new IngestOptions();
        configuration.Ingest.AllowedOrigins.ShouldBe(ingest.AllowedOrigins);
        configuration.Ingest.Keys.ShouldBe(ingest.Keys);
        (configuration.Ingest with { AllowedOrigins = ingest.AllowedOrigins, Keys = ingest.Keys }).ShouldBe(ingest);
    }

    [Fact]
    public void The_file_in_the_program_is_the_one_for_people() =>
        ReferenceConfiguration.Text.ShouldBe(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "reference.conf"))
        );
}
