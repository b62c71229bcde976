using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Configuration;

public sealed class HoconConfigurationTests
{
    private const string Text = """
        streams {
          batch-size = 500
          topics = [ a, b ]
          none = null
          nothing = []
          empty {}
        }
        """;

    [Fact]
    public void Keys_are_joined_by_colons_and_arrays_by_index()
    {
        var configuration = new ConfigurationBuilder().AddHocon(HoconDocument.Parse(Text, "demo.conf")).Build();

        configuration["streams:batch-size"].ShouldBe("500");
        configuration["streams:topics:0"].ShouldBe("a");
        configuration["streams:topics:1"].ShouldBe("b");
        configuration["streams:none"].ShouldBeNull();
        configuration["streams:nothing"].ShouldBe("");
        configuration
            .GetSection("streams")
            .GetChildren()
            .Select(static child => child.Key)
            .ShouldBe(["batch-size", "empty", "none", "nothing", "topics"]);
    }

    [Fact]
    public void Later_sources_override_and_are_named_as_origins()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SEGMENTER_STREAMS__BATCH_SIZE"] = "600",
            ["SEGMENTER_"] = "ignored",
            ["OTHER_STREAMS__TOPICS__0"] = "ignored",
        };

        var configuration = new ConfigurationBuilder()
            .AddHocon(HoconDocument.Parse(Text, "demo.conf"))
            .AddEnvironmentOverrides("SEGMENTER_", variables)
            .AddCommandLine(["--streams:topics:1=c"])
            .Build();

        configuration["streams:batch-size"].ShouldBe("600");
        configuration["streams:topics:0"].ShouldBe("a");
        configuration["streams:topics:1"].ShouldBe("c");
        configuration
            .FindOrigin("streams:batch-size")
            .ToString()
            .ShouldBe("environment variable SEGMENTER_STREAMS__BATCH_SIZE");
        configuration.FindOrigin("streams:topics:0").ToString().ShouldBe("demo.conf:3:14");
        configuration.FindOrigin("streams:topics:1").ShouldBe(HoconOrigin.CommandLine);
        configuration.FindOrigin("streams:topics").ToString().ShouldBe("demo.conf:3:12");
        configuration.FindOrigin("streams:absent").ShouldBeNull();
    }

    [Fact]
    public void Origins_are_found_through_a_chained_configuration()
    {
        var inner = new ConfigurationBuilder().AddHocon(HoconDocument.Parse(Text, "demo.conf")).Build();
        var outer = new ConfigurationBuilder().AddConfiguration(inner).Build();

        outer.FindOrigin("streams:batch-size").ToString().ShouldBe("demo.conf:2:16");
    }

    [Fact]
    public void Other_providers_are_named_by_themselves()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("a", (string?)"1")])
            .Build();

        configuration.FindOrigin("a").ToString().ShouldBe("MemoryConfigurationProvider");
    }

    [Fact]
    public void A_file_lies_over_its_reference_and_both_are_reloaded()
    {
        var files = new MemoryFiles
        {
            ["reference.conf"] = "base = 1, derived = ${base}0, list = [ 1, 2, 3 ]",
            ["demo.conf"] = "base = 2, list = [ 9 ]",
        };
        var options = new HoconReaderOptions { Files = files };
        var configuration = new ConfigurationBuilder().AddHocon("demo.conf", "reference.conf", options).Build();

        configuration["derived"].ShouldBe("20");
        configuration["list:0"].ShouldBe("9");
        configuration["list:1"].ShouldBeNull();
        configuration.FindOrigin("derived").ToString().ShouldBe("reference.conf:1:21");

        files["demo.conf"] = "base = 3";
        configuration.Reload();

        configuration["derived"].ShouldBe("30");
        configuration["list:1"].ShouldBe("2");
    }

    [Theory]
    [InlineData("\"a:b\" = 1", "demo.conf:1:1: the key \"a:b\" holds a ':', which separates keys; rename it")]
    [InlineData(
        "x { aB = 1, Ab = 2 }",
        "demo.conf:1:13: the key x:Ab differs only in case from the one at demo.conf:1:5; rename one"
    )]
    [InlineData("[ 1 ]", "demo.conf:1:1: expected an object at the root, found an array")]
    public void What_cannot_be_a_configuration_is_refused(string text, string message)
    {
        var builder = new ConfigurationBuilder().AddHocon(HoconDocument.Parse(text, "demo.conf"));

        Should.Throw<HoconException>(() => builder.Build()).Message.ShouldBe(message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var builder = new ConfigurationBuilder().AddHocon("demo.conf", options: HoconReaderOptions.Isolated);

        Should
            .Throw<HoconException>(() => builder.Build())
            .Message.ShouldBe("demo.conf: the file does not exist; correct its name");
    }
}
