using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;
using FileOptions = StreamSegmenter.Connectors.Files.FileOptions;

namespace StreamSegmenter.Connectors.Tests.Files;

public sealed class FileConnectorTests : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("file-connector-");

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public async Task A_push_is_one_line_of_JSON_with_its_id()
    {
        await SendAsync(Options(), Pushes.Create(evt: "{\n \"type\": \"track\",\r\n \"n\": 1.50 }"));

        string[] lines = Lines("pushes.ndjson");
        var json = JsonDocument.Parse(lines.ShouldHaveSingleItem()).RootElement;
        json.GetProperty("id").GetString().ShouldBe(Pushes.Id);
        json.GetProperty("customer").GetString().ShouldBe("u1");
        json.GetProperty("profile").GetProperty("spent").GetRawText().ShouldBe("1234.50");
        json.GetProperty("event").GetProperty("n").GetRawText().ShouldBe("1.50");
    }

    [Fact]
    public async Task Several_workers_write_whole_lines_once_each_across_rotations()
    {
        await using var connector = Open(Options(maxBytes: 4096));

        var results = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(async () => await connector.SendAsync(Numbered(i), default)))
        );

        results.ShouldAllBe(result => result == DeliveryResult.Delivered);
        string[] files = [.. Directory.GetFiles(_place.FullName, "pushes.*").Order(StringComparer.Ordinal)];
        files.Length.ShouldBeGreaterThan(5);
        files
            .SelectMany(path => Lines(Path.GetFileName(path)))
            .Select(IdOf)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 200).Select(Id));
    }

    [Fact]
    public async Task A_full_file_is_numbered_and_old_ones_are_deleted()
    {
        await using var connector = Open(Options(maxBytes: 4096, kept: 2));

        for (int i = 0; i < 60; i++)
        {
            (await connector.SendAsync(Numbered(i), default)).ShouldBe(DeliveryResult.Delivered);
        }

        string[] files = [.. _place.GetFiles("pushes.*").Select(file => file.Name).Order(StringComparer.Ordinal)];
        files.Length.ShouldBe(3);
        files[^1].ShouldBe("pushes.ndjson");
        int last = int.Parse(files[1][7..13], CultureInfo.InvariantCulture);
        files[0].ShouldBe($"pushes.{last - 1:D6}.ndjson");
        files.ShouldAllBe(file => new FileInfo(Path.Combine(_place.FullName, file)).Length <= 4096);
        string[] kept = [.. files.SelectMany(Lines).Select(IdOf)];
        kept.ShouldBe(Enumerable.Range(60 - kept.Length, kept.Length).Select(Id));
    }

    [Fact]
    public async Task After_a_crash_a_push_stands_there_twice_and_no_line_is_torn()
    {
        await SendAsync(Options(), Numbered(1));
        await SendAsync(Options(), Numbered(2));
        string path = Path.Combine(_place.FullName, "pushes.ndjson");
        await File.AppendAllTextAsync(path, "{\"id\":\"half of a li" + new string('x', 10_000));

        await SendAsync(Options(), Numbered(2));
        await SendAsync(Options(), Numbered(3));

        Lines("pushes.ndjson").Select(IdOf).ShouldBe([Id(1), Id(2), Id(2), Id(3)]);
        (await File.ReadAllTextAsync(path)).ShouldEndWith("}\n");
    }

    [Theory]
    [InlineData("../out.ndjson")]
    [InlineData("a/../../out.ndjson")]
    [InlineData("/tmp/out.ndjson")]
    [InlineData("link/out.ndjson")]
    [InlineData("link-to-file")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("folder/")]
    [InlineData("a\0b")]
    public void Nothing_leads_out_of_the_directory(string file)
    {
        string outside = Directory.CreateTempSubdirectory("file-connector-outside-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_place.FullName, "link"), outside);
            File.CreateSymbolicLink(Path.Combine(_place.FullName, "link-to-file"), Path.Combine(outside, "f"));
            var options = Options();
            options.File = file;

            TestServices.Errors(options).ShouldHaveSingleItem().Key.ShouldBe("connectors.c.file");
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void A_directory_that_is_missing_is_told_at_start()
    {
        var options = Options();
        options.Directory = Path.Combine(_place.FullName, "nowhere");

        TestServices.Errors(options)[0].ToString().ShouldContain("connectors.c.directory: there is no directory");
    }

    [Fact]
    public async Task A_file_of_another_writer_is_left_alone()
    {
        await using var first = Open(Options());
        await using var second = Open(Options());
        (await first.SendAsync(Numbered(1), default)).ShouldBe(DeliveryResult.Delivered);

        (await second.SendAsync(Numbered(2), default)).Outcome.ShouldBe(DeliveryOutcome.Retry);

        await first.DisposeAsync();
        (await second.SendAsync(Numbered(2), default)).ShouldBe(DeliveryResult.Delivered);
        Lines("pushes.ndjson").Select(IdOf).ShouldBe([Id(1), Id(2)]);
    }

    [Fact]
    public async Task A_directory_that_went_away_is_the_settings_fault()
    {
        var options = Options();
        options.Directory = _place.CreateSubdirectory("sub").FullName;
        await using var connector = Open(options);
        Directory.Delete(options.Directory);

        (await connector.SendAsync(Numbered(1), default)).Outcome.ShouldBe(DeliveryOutcome.Misconfigured);

        Directory.CreateDirectory(options.Directory);
        (await connector.SendAsync(Numbered(1), default)).ShouldBe(DeliveryResult.Delivered);
    }

    [Fact]
    public async Task A_disk_that_is_full_keeps_no_part_of_a_line()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        // The link leads out after the check, as nobody but the test would have it.
        await using var connector = Open(Options());
        File.CreateSymbolicLink(Path.Combine(_place.FullName, "pushes.ndjson"), "/dev/full");

        (await connector.SendAsync(Numbered(1), default)).Outcome.ShouldBeOneOf(
            DeliveryOutcome.Retry,
            DeliveryOutcome.Unknown
        );
    }

    [Fact]
    public async Task An_attempt_without_any_time_writes_nothing()
    {
        await using var connector = Open(Options());

        var result = await connector.SendAsync(Numbered(1), new CancellationToken(canceled: true));

        result.Outcome.ShouldBe(DeliveryOutcome.Retry);
        _place.GetFiles().ShouldBeEmpty();
        (await connector.SendAsync(Pushes.Of("{"), default)).Outcome.ShouldBe(DeliveryOutcome.Rejected);
    }

    private static string Id(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    private static Push Numbered(int number) => Pushes.Create(id: Id(number));

    private static string IdOf(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("id").GetString().ShouldNotBeNull();

    private FileOptions Options(long maxBytes = 100L << 20, int? kept = null) =>
        new()
        {
            Directory = _place.FullName,
            MaxFileBytes = maxBytes,
            KeptFiles = kept,
        };

    private string[] Lines(string file) => File.ReadAllLines(Path.Combine(_place.FullName, file));

    private static OpenConnector Open(FileOptions options) => new(TestServices.Connector(options));

    private static async Task SendAsync(FileOptions options, Push push)
    {
        await using var connector = Open(options);
        (await connector.SendAsync(push, default)).ShouldBe(DeliveryResult.Delivered);
    }

    private sealed class OpenConnector(IConnector connector) : IAsyncDisposable
    {
        public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken) =>
            connector.SendAsync(push, cancellationToken);

        public ValueTask DisposeAsync() => ((IAsyncDisposable)connector).DisposeAsync();
    }
}
