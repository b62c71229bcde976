using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Hocon.Tests.Options;

public sealed class NamesTests
{
    [Theory]
    [InlineData("Name", "name")]
    [InlineData("BatchSize", "batch-size")]
    [InlineData("HTTPPort", "http-port")]
    [InlineData("P99Limit", "p99-limit")]
    [InlineData("UserID", "user-id")]
    [InlineData("X", "x")]
    public void A_property_has_a_key_in_kebab_case(string property, string key)
    {
        KebabCase.Of(property).ShouldBe(key);
    }

    [Theory]
    [InlineData("batchSize", "batch-size")]
    [InlineData("BATCH_SIZE", "batch-size")]
    [InlineData("bacth-size", "batch-size")]
    [InlineData("batch-sizes", "batch-size")]
    [InlineData("tpoic", "topic")]
    [InlineData("zebra", null)]
    [InlineData("b", null)]
    public void The_name_that_was_probably_meant_is_found(string written, string? meant)
    {
        NearMiss.Find(written, ["batch-count", "batch-size", "topic"]).ShouldBe(meant);
    }
}
