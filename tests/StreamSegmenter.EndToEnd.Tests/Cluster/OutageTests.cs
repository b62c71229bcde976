using System.Globalization;
using System.Text;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Producing;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Streams.Log;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// Brokers that die and come back under nodes at work. Real ones are killed, with records on their way to them; mock
/// ones lose their connections, while nothing is sent, since time passes before the producer comes back to them.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Customers = 1_000;
    private const int MostEvents = 400_000;

    // So much is on its way to brokers that do not answer.
    private const int BurstsAtOnce = 50;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Underway = TimeSpan.FromSeconds(1);

    private int _repeated;

    [Fact]
    public async Task Nothing_is_lost_or_doubled_by_brokers_that_die_and_come_back()
    {
        await using ClusterRun run = await ClusterRun.StartAsync(Nodes, Customers, seed: 1);

        // The last one is longer than the nodes' sessions.
        int[] seconds = [0, 2, 5, run.Rig.IsMock ? 8 : 30];
        TimeSpan[] outages = [.. seconds.Select(length => TimeSpan.FromSeconds(length))];
        foreach (ClusterNode node in run.Nodes)
        {
            await node.Process!.MustBecomeReadyAsync(node.Address);
        }

        using CancellationTokenSource enough = new();
        Task producing = Task.Run(() => ProduceAsync(run, enough.Token));
        foreach (TimeSpan outage in outages)
        {
            await Task.Delay(Between);
            await MustGoOnAsync(producing);
            TaskCompletionSource back = new();
            if (run.Rig.IsMock)
            {
                run.MaySend = back.Task;
                await Task.Delay(Underway);
            }

            await run.Rig.KillBrokersAsync();
            await Task.Delay(outage);
            await run.Rig.StartBrokersAsync();
            run.MaySend = Task.CompletedTask;
            back.SetResult();
        }

        await Task.Delay(Between);
        await enough.CancelAsync();
        await producing;
        string lengths = string.Join(
            ", ",
            outages.Select(outage => outage.TotalSeconds.ToString(CultureInfo.InvariantCulture))
        );
        await run.FinishAsync(output, $"brokers away for {lengths} s, {_repeated} bursts repeated");
    }

    private async Task ProduceAsync(ClusterRun run, CancellationToken enough)
    {
        using KafkaInstruments instruments = new();
        using KafkaEventLog log = await run.Rig.OpenLogAsync(instruments);
        using SemaphoreSlim room = new(BurstsAtOnce);
        List<Task> appending = [];
        await run.ProduceAsync(
            MostEvents,
            async burst =>
            {
                await room.WaitAsync(CancellationToken.None);
                appending.Add(AppendAsync(log, burst, room));
            },
            enough
        );
        await Task.WhenAll(appending);
    }

    // As sources do and the ingest's clients have to: until it works, which may put some into the log twice.
    private async Task AppendAsync(KafkaEventLog log, IReadOnlyList<ProducedEvent> burst, SemaphoreSlim room)
    {
        while (true)
        {
            try
            {
                await log.AppendAsync(
                    [.. burst.Select(one => new NewRecord(new(one.Customer), Encoding.UTF8.GetBytes(one.Json)))],
                    default
                );
                room.Release();
                return;
            }
            catch (Exception e) when (e is KafkaUnavailableException or LogBusyException)
            {
                Interlocked.Increment(ref _repeated);
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    // The brokers are to die under load.
    private static async Task MustGoOnAsync(Task producing)
    {
        if (producing.IsFaulted)
        {
            await producing;
        }

        producing.IsCompleted.ShouldBeFalse($"more than {MostEvents} events are needed");
    }
}
