using StreamSegmenter.Oracle.Cases;

namespace StreamSegmenter.Oracle.Tests.Cases;

public sealed class ShrinkerTests
{
    [Fact]
    public void Only_what_the_failure_needs_remains()
    {
        var lines = Enumerable.Range(0, 37).Select(i => Track(i, i is 5 or 30 ? "needed" : "other")).ToList();
        var whole = new RandomCase(
            0,
            [new("a", "exists(x)"), new("b", "in(\"a\")"), new("c", "exists(y)")],
            lines,
            DateTimeOffset.UnixEpoch,
            "UTC",
            TimeSpan.Zero
        );

        var small = Shrinker.Minimise(
            whole,
            tried =>
                tried.Segments.Any(segment => segment.Name == "b")
                && tried.Lines.Count(line => line.Contains("needed", StringComparison.Ordinal)) == 2
        );

        small.Segments.Select(segment => segment.Name).ShouldBe(["a", "b"]);
        small.Lines.ShouldBe([lines[5], lines[30]]);
    }
}
