namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>Names conformance files that a test reads besides those in its data; relative to the test data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CoversAttribute(params string[] files) : Attribute
{
    public IReadOnlyList<string> Files { get; } = files;
}
