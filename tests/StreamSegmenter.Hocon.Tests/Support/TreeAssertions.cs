using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests.Support;

internal static class TreeAssertions
{
    /// <summary>Compares content; unlike ShouldBe it takes an object's fields in any order.</summary>
    public static void ShouldBeTree(this HoconValue actual, HoconValue expected) =>
        actual.Equals(expected).ShouldBeTrue($"expected {expected}, got {actual}");

    public static void ShouldBeTree(this HoconValue actual, string json) => actual.ShouldBeTree(JsonTree.Read(json));
}
