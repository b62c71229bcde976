using System.Reflection;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// The scripts <c>0001_name.sql</c>, <c>0002_name.sql</c>, ... embedded in an assembly: each lifts a database by one
/// version.
/// </summary>
internal static class SchemaScripts
{
    /// <summary>Those whose name starts with <paramref name="prefix"/>, in order.</summary>
    public static IReadOnlyList<string> Read(Assembly assembly, string prefix) =>
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Text(assembly, name)),
        ];

    private static string Text(Assembly assembly, string name)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
