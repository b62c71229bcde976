using System.Globalization;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Producing;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// Three nodes on Kafka and PostgreSQL, killed, frozen and restarted at random while kcat sends: together they make the
/// transitions and the pushes of one node that is never disturbed. STREAMSEGMENTER_CLUSTER_EVENTS and
/// STREAMSEGMENTER_SEED choose another run than the usual one.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class ClusterCrashTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Customers = 20_000;

    private readonly int _seed = Setting("STREAMSEGMENTER_SEED", 1);
    private readonly int _events = Setting("STREAMSEGMENTER_CLUSTER_EVENTS", 200_000);
    private readonly Dictionary<string, int> _faults = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nodes_that_die_and_freeze_at_random_do_together_what_one_undisturbed_would()
    {
        await using ClusterRun run = await ClusterRun.StartAsync(Nodes, Customers, _seed);
        await DisturbWhileProducingAsync(run);

        await run.FinishAsync(output, string.Join(", ", _faults.Select(fault => $"{fault.Value} x {fault.Key}")));
    }

    private async Task DisturbWhileProducingAsync(ClusterRun run)
    {
        Task producing = Task.Run(() => ProduceAsync(run));
        Random random = new(_seed);
        while (!producing.IsCompleted)
        {
            await Task.Delay(random.Next(300, 3_000));
            await DisturbAsync(run.Nodes[random.Next(Nodes)], random, run.Rig);
        }

        await producing;
        Array.ForEach([.. run.Nodes.Where(node => node.Process is null)], node => node.Start());
    }

    private async Task ProduceAsync(ClusterRun run)
    {
        await using Kcat kcat = Kcat.Start(run.Rig.BootstrapServers, run.Rig.Topic);
        await run.ProduceAsync(
            _events,
            async burst =>
            {
                foreach (ProducedEvent one in burst)
                {
                    await kcat.SendAsync(one);
                }

                await kcat.FlushAsync();
            }
        );
        await kcat.EndAsync();
    }

    private async Task DisturbAsync(ClusterNode node, Random random, ClusterRig rig)
    {
        if (node.Process is null)
        {
            node.Start();
            return;
        }

        node.Process.HasExited.ShouldBeFalse($"nothing but a signal may end it: {node.Process.Errors}");
        switch (random.Next(6))
        {
            case 0 or 1 or 2:
                await node.EndAsync(process => process.KillAsync());
                Count("killed");
                break;
            case 3 or 4:
                await node.Process.FreezeAsync();
                await Task.Delay(rig.ShortestSession + TimeSpan.FromMilliseconds(random.Next(500, 3_000)));
                await node.Process.ThawAsync();
                Count("frozen for longer than a session");
                break;
            default:
                await node.EndAsync(async process =>
                    (await process.TerminateAsync(ClusterRun.StopLimit)).ShouldBe(0, process.Errors)
                );
                Count("stopped in good order");
                break;
        }
    }

    private void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : usual;
}
