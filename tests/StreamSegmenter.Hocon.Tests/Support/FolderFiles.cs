using StreamSegmenter.Hocon.Files;

namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>The files of a folder, by paths that start there.</summary>
internal sealed class FolderFiles(string folder) : IHoconFiles
{
    public Stream? OpenRead(string path) => DiskFiles.Instance.OpenRead(Path.Combine(folder, path));
}
