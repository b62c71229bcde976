using System.Diagnostics;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Producing;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>
/// A node that is killed again and again while producers send, then left alone until it has done its work.
/// </summary>
public sealed class CrashRun(
    NodeDirectory directory,
    WebhookReceiver receiver,
    int kills,
    int seed,
    ITestOutputHelper output
)
{
    private const int Producers = 3;
    private const int CustomersPerKill = 2;
    private const int LongestLifeMilliseconds = 2500;

    private readonly Random _random = new(seed);
    private readonly List<TimeSpan> _starts = [];

    /// <summary>Between the last accepted event and the last moment at which time alone changes anybody.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(6);

    /// <summary>Without a delivery for this long, nothing is left to deliver, however often it was refused.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(5);

    /// <summary>How long a node may take to end in order.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);

    /// <summary>Runs it all; returns the messageIds that were accepted.</summary>
    /// <param name="hasFinished">Asked while no node runs: whether everything has been done that has to be.</param>
    public async Task<IReadOnlySet<string>> ExecuteAsync(Func<Task<bool>> hasFinished)
    {
        using CancellationTokenSource stopProducing = new();
        using CancellationTokenSource abandon = new();
        RetryingProducer[] producers = [.. Enumerable.Range(0, Producers).Select(CreateProducer)];
        Task[] producing =
        [
            .. producers.Select(producer => Task.Run(() => producer.RunAsync(stopProducing.Token, abandon.Token))),
        ];
        var watch = Stopwatch.StartNew();
        TimeSpan crashing;
        try
        {
            for (int i = 0; i < kills; i++)
            {
                await LiveAndDieAsync();
            }

            crashing = watch.Elapsed;
            await stopProducing.CancelAsync();
            await EndInOrderAsync(producing, hasFinished);
        }
        finally
        {
            await stopProducing.CancelAsync();
            await abandon.CancelAsync();
        }

        HashSet<string> accepted = [.. producers.SelectMany(producer => producer.Accepted)];
        output.WriteLine(
            $"{kills} kills in {crashing.TotalSeconds:N1} s (seed {seed}), {accepted.Count} events, "
                + $"{producers.Sum(producer => producer.Retries)} batches repeated"
        );
        ReportStarts();
        return accepted;
    }

    private RetryingProducer CreateProducer(int number)
    {
        RandomEvents events = new($"p{number}", kills * CustomersPerKill, new(_random.Next()), TimeProvider.System);
        return new(directory.Address, events, new(_random.Next()));
    }

    /// <summary>Killed at any moment: every third time while it starts, else while it works.</summary>
    private async Task LiveAndDieAsync()
    {
        await using SegmenterProcess node = directory.Run();
        if (_random.Next(3) == 0)
        {
            TimeSpan usual = _starts.Count > 0 ? _starts[^1] : TimeSpan.FromSeconds(1);
            await Task.Delay(_random.NextDouble() * usual);
        }
        else
        {
            _starts.Add(await node.MustBecomeReadyAsync(directory.Address));
            await Task.Delay(_random.Next(LongestLifeMilliseconds));
        }

        node.HasExited.ShouldBeFalse($"nothing but a signal may end it: {node.Errors}");
        await node.KillAsync();
    }

    private async Task EndInOrderAsync(Task[] producing, Func<Task<bool>> hasFinished)
    {
        const int Rounds = 6;
        for (int round = 1; round <= Rounds; round++)
        {
            await using SegmenterProcess node = directory.Run();
            _starts.Add(await node.MustBecomeReadyAsync(directory.Address));
            await Task.WhenAll(producing);
            await Task.Delay(LongestWindow);
            await WaitUntilQuietAsync();
            (await node.TerminateAsync(StopLimit)).ShouldBe(0, node.Errors);
            if (await hasFinished())
            {
                return;
            }
        }

        output.WriteLine($"There was still something to do after {Rounds} rounds.");
    }

    private Task WaitUntilQuietAsync() =>
        Eventually.HoldsAsync(
            async () =>
            {
                int before = receiver.Deliveries;
                await Task.Delay(Quiet);
                return receiver.Deliveries == before;
            },
            QuietLimit,
            () => "pushes are still being delivered"
        );

    private void ReportStarts()
    {
        TimeSpan[] sorted = [.. _starts.Order()];
        output.WriteLine(
            $"from the start of the process to ready: median {sorted[sorted.Length / 2].TotalMilliseconds:N0} ms, "
                + $"longest {sorted[^1].TotalMilliseconds:N0} ms"
        );
    }
}
