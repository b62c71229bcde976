using StreamSegmenter.EndToEnd.Tests.Processes;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>A node whose store belongs to a log of another number of partitions.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class WrongLogTests
{
    [Fact]
    public async Task It_ends_before_it_listens()
    {
        await using ClusterRig rig = await ClusterRig.StartAsync(partitions: 3);
        rig.Configure(log: "", group: "", rest: "");
        await using ClusterNode node = rig.CreateNode();
        node.Start();
        await node.Process!.MustBecomeReadyAsync(node.Address);
        await node.EndAsync(process => process.TerminateAsync(TimeSpan.FromSeconds(30)));

        string wider = await rig.CreateTopicAsync("wider", 4);
        rig.Configure(log: $"topic = {wider}, group = {wider}", group: "", rest: "");
        node.Start();

        (await node.Process!.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(3, node.Process.Errors);
        node.Process.Errors.ShouldContain("belongs to a log of 3 partitions, but this one has 4.");
        node.Process.Errors.ShouldNotContain("listens on");
    }
}
