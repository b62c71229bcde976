using StreamSegmenter.EndToEnd.Tests.Processes;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>A node that reads a source while its brokers die and come back.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class SourceOutageTests
{
    private const int Buyers = 500;

    private static readonly TimeSpan LongerThanASession = TimeSpan.FromSeconds(9);

    [Fact]
    public async Task All_records_of_a_source_count_once_across_outages_of_its_brokers()
    {
        await using OrderSource source = await OrderSource.StartAsync();
        await using SegmenterProcess node = await source.RunAsync();
        foreach (TimeSpan outage in new[] { TimeSpan.Zero, LongerThanASession })
        {
            await source.SendAsync(Buyers);

            // Most of it is unread.
            await source.Broker.KillAsync();
            await Task.Delay(outage);
            await source.Broker.StartAgainAsync();
        }

        await source.SendAsync(Buyers);
        await source.AllMustArriveAsync(node);
        node.HasExited.ShouldBeFalse(node.Errors);
        source.MustBeRight();
    }
}
