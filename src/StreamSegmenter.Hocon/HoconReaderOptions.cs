using StreamSegmenter.Hocon.Files;

namespace StreamSegmenter.Hocon;

/// <summary>Everything the reader takes from outside.</summary>
public sealed record HoconReaderOptions
{
    /// <summary>
    /// No files and no environment: every include is absent, every substitution is looked up in the text.
    /// </summary>
    public static HoconReaderOptions Isolated { get; } = new();

    /// <summary>The files of this machine and the environment of this process.</summary>
    public static HoconReaderOptions System { get; } =
        new() { Files = DiskFiles.Instance, Environment = global::System.Environment.GetEnvironmentVariable };

    /// <summary>Where files are read from.</summary>
    public IHoconFiles Files { get; init; } = NoFiles.Instance;

    /// <summary>The value of an environment variable, or null when it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Bounds on size and depth.</summary>
    public HoconLimits Limits { get; init; } = HoconLimits.Default;
}
