namespace StreamSegmenter.Cmd.Test;

/// <summary>Finds the files of cases that a command line means.</summary>
internal static class CaseFinder
{
    // What builds and tools make may hold copies.
    private static readonly string[] Skipped = ["bin", "obj", "node_modules"];

    /// <summary>
    /// Files stand for themselves, directories for all files in them, however deep, that end with
    /// <see cref="CaseFileReader.Ending"/>.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">One of them is neither.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> arguments)
    {
        var files = new List<string>();
        foreach (var argument in arguments.Count == 0 ? ["."] : arguments)
        {
            if (File.Exists(argument))
            {
                files.Add(argument);
            }
            else if (Directory.Exists(argument))
            {
                files.AddRange(Walk(new DirectoryInfo(argument), argument).Order(StringComparer.Ordinal));
            }
            else
            {
                throw new DirectoryNotFoundException(
                    $"{argument}: there is no such file or directory; correct its name"
                );
            }
        }

        return files;
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder, string name)
    {
        foreach (var file in folder.EnumerateFiles($"*{CaseFileReader.Ending}"))
        {
            yield return Path.Combine(name, file.Name);
        }

        foreach (var child in folder.EnumerateDirectories().Where(IsWanted))
        {
            foreach (var file in Walk(child, Path.Combine(name, child.Name)))
            {
                yield return file;
            }
        }
    }

    private static bool IsWanted(DirectoryInfo folder) => folder.Name[0] != '.' && !Skipped.Contains(folder.Name);
}
