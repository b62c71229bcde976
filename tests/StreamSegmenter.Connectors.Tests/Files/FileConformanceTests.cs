using StreamSegmenter.Streams.Pushes;
using FileOptions = StreamSegmenter.Connectors.Files.FileOptions;

namespace StreamSegmenter.Connectors.Tests.Files;

public sealed class FileConformanceTests : ConnectorConformance
{
    public override string ConnectorType => "file";

    // A disk has no opinion on what is written, does not ask for patience, and shows no certificate. Its answers are
    // errors or none. Instead of nobody listening, the directory is gone.
    protected override DeliveryOutcome? Expected(Conduct conduct) =>
        conduct switch
        {
            Conduct.Refuse or Conduct.LimitRate => null,
            Conduct.TakeAndBabble or Conduct.ShowUntrustedCertificate => null,
            Conduct.BeAbsent => DeliveryOutcome.Misconfigured,
            _ => base.Expected(conduct),
        };

    [Fact]
    public async Task A_disk_that_has_no_room_keeps_no_part_of_a_line()
    {
        await using var disk = new ScriptedDisk();
        var connector = disk.Connect(Clock);
        await AttemptAsync(connector, Pushes.Create());
        disk.Conduct = Conduct.FailForNow;
        (await AttemptAsync(connector, Pushes.Create())).Outcome.ShouldBe(DeliveryOutcome.Retry);

        disk.Conduct = Conduct.Accept;
        (await AttemptAsync(connector, Pushes.Create())).ShouldBe(DeliveryResult.Delivered);

        disk.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Names_are_on_the_disk_before_the_lines_in_their_files()
    {
        await using var disk = new ScriptedDisk();
        var connector = disk.Connect(Clock, maxBytes: 4096);

        int sent = 0;
        while (Directory.GetFiles(disk.Folder, "pushes*.ndjson").Length < 3)
        {
            (await AttemptAsync(connector, Pushes.Create())).ShouldBe(DeliveryResult.Delivered);
            sent++;
        }

        var lines = Enumerable.Repeat("sync lines", (sent - 1) / 2);
        disk.Done.ShouldBe(["sync names", .. lines, "sync names", .. lines, "sync names", "sync lines"]);
    }

    [Fact]
    public async Task Where_names_cannot_be_brought_to_the_disk_nothing_is_delivered()
    {
        await using var disk = new ScriptedDisk { NameFailures = 2 };
        var connector = disk.Connect(Clock);

        (await AttemptAsync(connector, Pushes.Create())).Outcome.ShouldBe(DeliveryOutcome.Retry);
        (await AttemptAsync(connector, Pushes.Create())).Outcome.ShouldBe(DeliveryOutcome.Retry);
        (await AttemptAsync(connector, Pushes.Create())).ShouldBe(DeliveryResult.Delivered);

        disk.Received.Count.ShouldBe(1);
        disk.Done.ShouldBe(["sync names", "sync lines"]);
    }

    protected override Task<ScriptedPeer> StartPeerAsync(bool untrusted = false) =>
        Task.FromResult<ScriptedPeer>(new ScriptedDisk());

    protected override IConnector ConnectTo(ScriptedPeer peer, bool untrusted = false) =>
        ((ScriptedDisk)peer).Connect(Clock);

    protected override IConnector ConnectToNobody()
    {
        var place = Directory.CreateTempSubdirectory("file-connector-");
        var connector = Support.TestServices.Connector(new FileOptions { Directory = place.FullName });
        place.Delete();
        return connector;
    }
}
