using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamSegmenter.Connectors.Files;

/// <summary>Where lines are written, and the numbered files beside it.</summary>
/// <param name="Folder">Absolute.</param>
/// <param name="Name">Without its ending.</param>
/// <param name="Ending">With its dot; may be empty.</param>
internal sealed record FilePlace(string Folder, string Name, string Ending)
{
    private const int Digits = 6;

    public string Current => Path.Combine(Folder, Name + Ending);

    /// <summary>Held by whoever writes.</summary>
    public string Lock => Path.Combine(Folder, $".{Name}{Ending}.lock");

    /// <summary>False if the file would lie outside of the directory, be it by a link.</summary>
    public static bool TryFind(string directory, string file, [NotNullWhen(true)] out FilePlace? place)
    {
        place = null;
        if (
            directory.Length == 0
            || !Directory.Exists(directory)
            || file.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0
            || Path.IsPathRooted(file)
            || string.IsNullOrWhiteSpace(Path.GetFileName(file))
        )
        {
            return false;
        }

        string root = Resolve(Path.GetFullPath(directory));
        string path = Path.GetFullPath(Path.Combine(root, file));
        if (!IsInside(root, path) || !IsInside(root, Resolve(path)))
        {
            return false;
        }

        place = new(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        return true;
    }

    public string Numbered(int number) =>
        Path.Combine(Folder, $"{Name}.{number.ToString("D6", CultureInfo.InvariantCulture)}{Ending}");

    /// <summary>The numbers of the files that exist, in order.</summary>
    public int[] Numbers() =>
        [
            .. Directory
                .EnumerateFiles(Folder, $"{Name}.*{Ending}")
                .Select(path => NumberOf(Path.GetFileName(path)))
                .Where(number => number > 0)
                .Order(),
        ];

    private int NumberOf(string file)
    {
        string digits =
            file.Length == Name.Length + 1 + Digits + Ending.Length ? file.Substring(Name.Length + 1, 6) : "";
        return
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && Path.GetFileName(Numbered(number)) == file
            ? number
            : 0;
    }

    private static bool IsInside(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path);
        return relative is not ("." or "..")
            && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !Path.IsPathRooted(relative);
    }

    /// <summary>The path with every link on the way followed; what does not exist stays as it is.</summary>
    private static string Resolve(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        string here = Path.Combine(Resolve(parent), Path.GetFileName(path));
        FileSystemInfo entry = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        try
        {
            return entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolve(target.FullName) : here;
        }
        catch (IOException)
        {
            return here; // no link, or one to nowhere that the opening will meet
        }
    }
}
