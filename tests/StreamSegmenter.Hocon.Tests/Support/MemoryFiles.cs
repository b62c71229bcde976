using System.Text;
using StreamSegmenter.Hocon.Files;

namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>Files by path, held in memory.</summary>
internal sealed class MemoryFiles : Dictionary<string, string>, IHoconFiles
{
    public MemoryFiles()
        : base(StringComparer.Ordinal) { }

    public Stream? OpenRead(string path) =>
        TryGetValue(path, out var text) ? new MemoryStream(Encoding.UTF8.GetBytes(text)) : null;
}
