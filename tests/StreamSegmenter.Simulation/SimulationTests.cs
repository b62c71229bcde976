using System.Diagnostics;
using System.Globalization;

namespace StreamSegmenter.Simulation;

/// <summary>
/// All the product's moving parts on a scheduler that a seed drives: whatever goes wrong, the invariants hold.
/// </summary>
public sealed class SimulationTests
{
    private const int UsualSeeds = 500;

    // Of each kind at least as many in the usual seeds: a kit that has become calm finds nothing.
    private const int Seldom = 5;

    private static readonly string[] Kinds =
    [
        "CrashBefore acquire",
        "CrashAfter acquire",
        "CrashBefore checkpoint",
        "CrashAfter checkpoint",
        "CrashBefore effects",
        "CrashAfter effects",
        "CrashBefore load",
        "CrashAfter load",
        "CrashBefore load due",
        "CrashAfter load due",
        "CrashBefore range",
        "CrashAfter range",
        "CrashBefore read",
        "CrashAfter read",
        "CrashBefore outbox read",
        "CrashAfter outbox read",
        "CrashBefore outbox update",
        "CrashAfter outbox update",
        "FailBefore effects",
        "FailAfter effects",
        "FailThenLand effects",
        "FailBefore checkpoint",
        "FailAfter checkpoint",
        "FailThenLand checkpoint",
        "FailAfter acquire",
        "FailAfter append",
        "FailAfter outbox update",
        "Slow effects",
        "Slow checkpoint",
        "all nodes crash",
        "clock jump",
        "crash at a step",
        "isolation from the group",
        "late event",
        "long outage of all nodes",
        "orderly restart",
        "outage of chat",
        "outage of store",
        "pause",
        "provider: 401",
        "provider: 429",
        "provider: 503",
        "provider: dies after",
        "provider: dies before",
        "provider: no answer, taken",
        "provider: no answer, taken later",
        "provider: slow",
        "provider: taken, then garbage",
        "provider: taken, then reset",
        "rebalance storm",
        "repeated event",
        "revoked and given back",
        "shard was fenced",
        "zombie",
    ];

    [Fact]
    public void The_invariants_hold_whatever_goes_wrong()
    {
        SeedRun run = SeedRun.Of(Enumerable.Range(0, Seeds()));

        run.ShouldHold();
        if (run.Worlds >= UsualSeeds)
        {
            Kinds.Where(kind => run.Faults.GetValueOrDefault(kind) < Seldom).ShouldBeEmpty(run.Summary());
        }
    }

    [Fact]
    public void What_once_failed_holds() => SeedRun.Of(KeptSeeds.Read()).ShouldHold();

    [Fact]
    public void A_seed_always_takes_the_same_course()
    {
        foreach (int seed in Enumerable.Range(0, 12))
        {
            WorldResult first = World.Run(seed);
            WorldResult second = World.Run(seed);

            second.TraceHash.ShouldBe(first.TraceHash, $"seed {seed}");
            second.Size.ShouldBe(first.Size);
            second.Faults.ShouldBe(first.Faults);
        }
    }

    [Fact]
    public async Task Another_process_takes_the_same_course()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", typeof(World).Assembly.Location, "--seeds", "5"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();

        output.ShouldContain(SeedRun.Of(Enumerable.Range(0, 5)).Summary());
    }

    [Fact]
    public void Another_seed_takes_another_course() =>
        Enumerable.Range(0, 12).Select(seed => World.Run(seed).TraceHash).ShouldBeUnique();

    private static int Seeds() =>
        int.TryParse(
            Environment.GetEnvironmentVariable("STREAMSEGMENTER_CASES"),
            CultureInfo.InvariantCulture,
            out int seeds
        )
            ? seeds
            : UsualSeeds;
}
