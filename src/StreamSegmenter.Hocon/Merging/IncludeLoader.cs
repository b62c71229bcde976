using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Hocon.Syntax;

namespace StreamSegmenter.Hocon.Merging;

/// <summary>Finds and reads the files of one document, counts them and refuses circles.</summary>
internal sealed class IncludeLoader(HoconReaderOptions options)
{
    /// <summary>
    /// The order in which a name without extension is completed: a later file overrides an earlier one.
    /// </summary>
    private static readonly string[] Extensions = [".properties", ".json", ".conf"];

    private readonly List<string> _open = [];
    private int _files;

    /// <summary>The files that an include statement stands for, in the order in which they are merged.</summary>
    public IEnumerable<SourceFile> Load(IncludeSyntax include, string includer)
    {
        var path = include.BesideIncluder ? Beside(includer, include.Name) : include.Name;
        var names = Path.HasExtension(path) ? [path] : Extensions.Select(extension => path + extension);
        var found = names.Select(Load).OfType<SourceFile>().ToList();
        if (found.Count == 0 && include.Required)
        {
            throw new HoconException(include.Origin, $"the required file {path} does not exist");
        }
        return found;
    }

    /// <summary>Reads a file by the format that its extension tells; null when there is no such file.</summary>
    public SourceFile? Load(string path)
    {
        var limits = options.Limits;
        if (TextFile.Read(options.Files, path, limits.MaxFileBytes) is not { } text)
        {
            return null;
        }
        if (++_files > limits.MaxFiles)
        {
            throw new HoconException(HoconOrigin.Text(path), $"more than {limits.MaxFiles} files are included");
        }
        var root = Path.GetExtension(path) switch
        {
            ".json" => JsonFile.Parse(text, path, limits),
            ".properties" => PropertiesFile.Parse(text, path),
            _ => Parser.Parse(text, path, limits),
        };
        return new SourceFile(path, root);
    }

    /// <summary>Marks a file as open until the result is disposed.</summary>
    public Visit Enter(string path, HoconOrigin include)
    {
        if (_open.Contains(path))
        {
            throw new HoconException(include, $"the file includes itself: {string.Join(" → ", _open)} → {path}");
        }
        if (_open.Count == options.Limits.MaxIncludeDepth)
        {
            throw new HoconException(include, $"includes are nested more than {_open.Count} deep");
        }
        _open.Add(path);
        return new Visit(_open);
    }

    private static string Beside(string includer, string name)
    {
        var directory = Path.GetDirectoryName(includer);
        if (string.IsNullOrEmpty(directory) || Path.IsPathRooted(name))
        {
            return name;
        }
        return Normalized(Path.Combine(directory, name));
    }

    /// <summary>Removes <c>.</c> and <c>..</c>, so that a circle through other directories is seen as one.</summary>
    private static string Normalized(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', '\\'))
        {
            if (part == ".." && parts is [.., not (".." or "")])
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }
        return string.Join('/', parts);
    }

    internal readonly struct Visit(List<string> open) : IDisposable
    {
        public void Dispose() => open.RemoveAt(open.Count - 1);
    }
}
