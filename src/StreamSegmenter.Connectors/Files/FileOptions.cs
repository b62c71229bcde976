using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Files;

/// <summary><c>type = file</c>: a line of JSON per push in a file of this machine.</summary>
public sealed class FileOptions : ConnectorOptions
{
    /// <summary>
    /// Where files may be written; it has to exist. A relative path starts at the current directory. Required.
    /// </summary>
    public string Directory { get; set; } = "";

    /// <summary>
    /// The file, inside of <see cref="Directory"/>; it may be in a folder there. Default pushes.ndjson.
    /// </summary>
    public string File { get; set; } = "pushes.ndjson";

    /// <summary>
    /// Bytes beyond which no line is added: the file is given a number, <c>pushes.000001.ndjson</c>, and a new one is
    /// begun. Default 100 MiB, at least 4 KiB.
    /// </summary>
    public long MaxFileBytes { get; set; } = 100L << 20;

    /// <summary>
    /// How many numbered files are kept; the oldest is deleted when there are more. Null, the default, keeps them all.
    /// </summary>
    public int? KeptFiles { get; set; }

    internal override IReadOnlyList<TemplatePart> Parts => [];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(
            System.IO.Directory.Exists(Directory),
            nameof(Directory),
            $"there is no directory '{Directory}'; make it, and let this program write to it"
        );
        errors.Require(
            FilePlace.TryFind(Directory, File, out _),
            nameof(File),
            $"'{File}' does not lie in the directory; give the name of a file, without '..' and links to elsewhere"
        );
        errors.Require(
            MaxFileBytes is >= 4096 and <= 1L << 40,
            nameof(MaxFileBytes),
            $"{MaxFileBytes} is outside 4096 to 1099511627776"
        );
        if (KeptFiles is { } kept)
        {
            errors.RequireRange(kept, 1, 999_999, nameof(KeptFiles));
        }
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services)
    {
        _ = FilePlace.TryFind(Directory, File, out var place);
        var file = new LineFile(place!, MaxFileBytes, KeptFiles, new LocalDisk());
        return new FileConnector(file, this, services.Time);
    }
}
