using System.Reflection;
using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Conformance;

public sealed class CompletenessTests
{
    private static readonly string[] Documents = ["LICENSE-2.0.txt", "SOURCE.md"];

    [Fact]
    public void Every_conformance_file_is_tested_or_listed_with_a_reason()
    {
        var folder = Path.Combine(TestData.Root, "lightbend");
        var present = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Except(Documents, StringComparer.Ordinal);
        var listed = TestData.Pairs("lightbend-not-applicable.txt").Select(static row => (string)row[0]).ToList();
        var tested = TestedFiles().ToList();

        listed.Intersect(tested, StringComparer.Ordinal).ShouldBeEmpty();
        present
            .Order(StringComparer.Ordinal)
            .ShouldBe(tested.Union(listed, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> TestedFiles()
    {
        foreach (var method in Methods(typeof(EquivalentFilesTests)).Concat(Methods(typeof(LightbendFilesTests))))
        {
            foreach (var data in method.GetCustomAttributes<InlineDataAttribute>())
            {
                yield return $"config/{string.Join('/', data.GetData(method).Single())}";
            }
            foreach (var file in method.GetCustomAttribute<CoversAttribute>()?.Files ?? [])
            {
                yield return file;
            }
        }
    }

    private static MethodInfo[] Methods(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance);
}
