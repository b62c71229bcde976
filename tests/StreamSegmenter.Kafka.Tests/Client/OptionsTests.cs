using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;
using StreamSegmenter.Kafka.Sources;

namespace StreamSegmenter.Kafka.Tests.Client;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("acks")]
    [InlineData("enable.auto.commit")]
    [InlineData("partitioner")]
    [InlineData("plugin.library.paths")]
    [InlineData("dotnet.cancellation.delay.max.ms")]
    public void What_correctness_rests_on_cannot_be_set(string name)
    {
        KafkaOptions options = new() { BootstrapServers = "b", Client = Settings((name, "x")) };

        options.Validate().ShouldHaveSingleItem().ShouldContain(name);
        Should.Throw<ArgumentException>(() => new KafkaClients(options, NullLogger<KafkaClients>.Instance));
    }

    [Fact]
    public void A_setting_that_the_client_does_not_know_is_told_by_its_name()
    {
        KafkaOptions options = new() { BootstrapServers = "b", Client = Settings(("sasl.pasword", "x")) };

        options
            .Validate()
            .ShouldBe([
                "client.sasl.pasword: the Kafka client knows no such setting: see librdkafka's CONFIGURATION.md for "
                    + "its names",
            ]);
    }

    [Fact]
    public void Defaults_are_valid()
    {
        new KafkaOptions { BootstrapServers = "b" }
            .Validate()
            .ShouldBeEmpty();
        new KafkaLogOptions { Topic = "t" }
            .Validate()
            .ShouldBeEmpty();
        new KafkaGroupOptions().Validate().ShouldBeEmpty();
        new KafkaSourceOptions { Topics = [new() { Topic = "t" }] }
            .Validate()
            .ShouldBeEmpty();
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        KafkaSourceOptions options = new()
        {
            BatchRecords = 0,
            Topics =
            [
                new() { Topic = "t", Format = SourceFormat.Flat },
                new()
                {
                    Topic = "t",
                    Start = SourceStart.Timestamp,
                    DeadLetterTopic = "t",
                },
            ],
        };

        options.Validate().Count.ShouldBe(5);
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}
