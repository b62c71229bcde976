namespace StreamSegmenter.Hocon.Files;

/// <summary>
/// The files of this machine. Relative paths start at the current directory. Safe for concurrent use.
/// </summary>
public sealed class DiskFiles : IHoconFiles
{
    private DiskFiles() { }

    /// <summary>The one instance.</summary>
    public static DiskFiles Instance { get; } = new();

    /// <inheritdoc/>
    public Stream? OpenRead(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return null;
        }
    }
}
