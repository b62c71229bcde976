using StreamSegmenter.Connectors.Files;
using StreamSegmenter.Streams.Pushes;
using FileOptions = StreamSegmenter.Connectors.Files.FileOptions;

namespace StreamSegmenter.Connectors.Tests.Files;

/// <summary>A directory on a disk that acts as told, and notes what is asked of it.</summary>
internal sealed class ScriptedDisk : ScriptedPeer, IDisk
{
    private readonly LocalDisk _disk = new();
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("file-connector-");

    /// <summary>What was done, in order: <c>sync names</c>, <c>sync lines</c>.</summary>
    public List<string> Done { get; } = [];

    /// <summary>How many of the next syncs of the directory fail.</summary>
    public int NameFailures { get; set; }

    public string Folder => _place.FullName;

    public override IReadOnlyList<ReceivedPush> Received =>
        [
            .. Directory
                .GetFiles(Folder, "pushes*.ndjson")
                .Order(StringComparer.Ordinal)
                .SelectMany(File.ReadAllLines)
                .Select(line => new ReceivedPush(Json(line).GetProperty("id").GetString()!, line)),
        ];

    /// <summary>A connector that writes there.</summary>
    public IConnector Connect(TimeProvider time, long maxBytes = 100L << 20)
    {
        var options = new FileOptions { Directory = Folder, MaxFileBytes = maxBytes };
        FilePlace.TryFind(Folder, options.File, out var place).ShouldBeTrue();
        return new FileConnector(new LineFile(place, maxBytes, keptFiles: null, this), options, time);
    }

    public FileStream Open(string path) =>
        Conduct == Conduct.RefuseCredentials
            ? throw new UnauthorizedAccessException("Access to the path is denied.")
            : new ScriptedFile(this, path);

    public void SyncDirectory(string path)
    {
        path.ShouldBe(Folder);
        if (NameFailures-- > 0)
        {
            throw new IOException("Input/output error");
        }

        Done.Add("sync names");
        _disk.SyncDirectory(path);
    }

    public override ValueTask DisposeAsync()
    {
        _place.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static System.Text.Json.JsonElement Json(string line) =>
        System.Text.Json.JsonDocument.Parse(line).RootElement;

    private sealed class ScriptedFile(ScriptedDisk disk, string path)
        : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0)
    {
        private bool _isLost;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (disk.Conduct == Conduct.FailForNow)
            {
                base.Write(buffer[..(buffer.Length / 2)]);
                throw new IOException("No space left on device");
            }

            base.Write(buffer);
        }

        public override void SetLength(long value)
        {
            if (_isLost)
            {
                throw new IOException("Input/output error");
            }

            base.SetLength(value);
        }

        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            disk.Done.Add("sync lines");
            disk.Take(new("", ""));
            switch (disk.Conduct)
            {
                case Conduct.TakeAndHold:
                    disk.HoldAsync().Wait();
                    break;
                case Conduct.TakeAndHangUp:
                    _isLost = true;
                    throw new IOException("Input/output error");
            }
        }
    }
}
