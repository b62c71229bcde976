using StreamSegmenter.EndToEnd.Tests.Processes;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>A node of one machine that takes its events from a topic of somebody else's records.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class SourceTests
{
    [Fact]
    public async Task Records_of_another_make_become_events_and_pushes_across_a_kill()
    {
        await using OrderSource source = await OrderSource.StartAsync();
        await source.SendAsync(buyers: 15);
        await using (SegmenterProcess first = await source.RunAsync())
        {
            await source.AllMustArriveAsync(first);
            await first.KillAsync();
        }

        await source.SendAsync(buyers: 15);
        await using SegmenterProcess second = await source.RunAsync();
        await source.AllMustArriveAsync(second);
        source.MustBeRight();
    }
}
