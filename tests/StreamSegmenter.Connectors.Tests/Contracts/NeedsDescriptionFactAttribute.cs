using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Contracts;

/// <summary>
/// A test against a vendor's API description, which is not ours to publish: skipped where
/// <c>STREAMSEGMENTER_API_DESCRIPTIONS</c> names no directory with the file, or npm is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsDescriptionFactAttribute : FactAttribute
{
    private const string Variable = "STREAMSEGMENTER_API_DESCRIPTIONS";

    public NeedsDescriptionFactAttribute(string file) =>
        Skip =
            !File.Exists(PathOf(file)) ? $"needs {file} in the directory that {Variable} names"
            : Programs.Find("npm") is null ? "needs npm, which is not installed"
            : null;

    public static string PathOf(string file) =>
        Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable(Variable) ?? "", file));
}
