namespace StreamSegmenter.Hocon.Files;

/// <summary>The files that a configuration may read: documents, includes and secrets.</summary>
public interface IHoconFiles
{
    /// <summary>
    /// Opens a file. Returns null when there is none; throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> when there is one that cannot be read. The caller disposes the stream.
    /// </summary>
    Stream? OpenRead(string path);
}
