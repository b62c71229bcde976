using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Hocon.Tests.Options;

public sealed class OptionsReferenceTests
{
    public sealed record Outer(int BatchSize, Inner Inner, string? Comment);

    public sealed record Inner(TimeSpan Delay);

    [Fact]
    public void A_reference_with_every_key_agrees()
    {
        Check("outer { batch-size = 1, inner { delay = 1s }, comment = null }").ShouldBeEmpty();
    }

    [Fact]
    public void Keys_on_one_side_only_are_disagreements()
    {
        Check("outer { batch-size = 1, batch-count = 2, inner { dealy = 1s } }")
            .ShouldBe([
                "reference.conf:1:25: outer.batch-count: Outer has no property for it; remove the key",
                "reference.conf:1:50: outer.inner.dealy: Inner has no property for it; remove the key",
                "reference.conf:1:48: outer.inner.delay: Inner.Delay has no key in the reference; add delay = ...",
                "reference.conf:1:7: outer.comment: Outer.Comment has no key in the reference; add comment = ...",
            ]);
    }

    [Fact]
    public void A_missing_section_is_a_disagreement()
    {
        Check("other {}")
            .ShouldBe(["reference.conf:1:1: outer: Outer has no section in the reference; add outer { ... }"]);
    }

    private static IEnumerable<string> Check(string reference) =>
        OptionsReference
            .Check(typeof(Outer), "outer", HoconDocument.Parse(reference, "reference.conf"))
            .Select(static error => error.ToString());
}
