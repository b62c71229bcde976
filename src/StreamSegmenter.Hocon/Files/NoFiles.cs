namespace StreamSegmenter.Hocon.Files;

/// <summary>A place without files.</summary>
public sealed class NoFiles : IHoconFiles
{
    private NoFiles() { }

    /// <summary>The one instance.</summary>
    public static NoFiles Instance { get; } = new();

    /// <inheritdoc/>
    public Stream? OpenRead(string path) => null;
}
