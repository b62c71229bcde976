using NodaTime;
using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Simulation;

/// <summary>Draws a world from a seed.</summary>
internal sealed class WorldBuilder(int seed, Sabotage sabotage)
{
    private static readonly ConnectorName[] Connectors = [new("chat"), new("mail"), new("crm")];

    private readonly Random _random = new(seed);

    public WorldParts Build()
    {
        RandomCase @case = RandomCases.CreateCrowd(
            seed,
            Pick(CaseLevel.Basic, CaseLevel.Full),
            CaseScale.Minutes,
            streams: _random.Next(3, 11)
        );
        FaultProfile profile = FaultProfile.Draw(_random);
        DateTimeOffset start = @case.Lines.Select(CaseLine.Read).First(line => line.Time is not null).Time!.Value;
        SimScheduler scheduler = new(_random.Next(), Pick(1, 4, 1000), new(), start.AddSeconds(-5));
        SimProcess servers = new(scheduler, "servers");
        FaultPlan faults = new(profile, new(_random.Next()), scheduler);
        LogServer log = new(Pick(4, 4, 6, 6, 12, 24), scheduler, faults, sabotage);
        SegmentActions[] actions = [.. @case.Segments.Select(DrawActions)];
        return new()
        {
            Seed = seed,
            Scheduler = scheduler,
            Servers = servers,
            Faults = faults,
            Log = log,
            Store = new(scheduler, sabotage),
            Providers = [.. Connectors.Select(name => new Provider(name, scheduler, faults, sabotage))],
            Group = new(log.PartitionCount, scheduler, servers, faults),
            Case = @case,
            Rules = Compile(@case, actions),
            Actions = actions,
            ShardOptions = DrawShardOptions(),
            RelayOptions = DrawRelayOptions(),
            Patience = Pick(Seconds(0.2), Seconds(5), Seconds(60)),
            Sabotage = sabotage,
        };
    }

    private static RuleSet Compile(RandomCase @case, SegmentActions[] actions)
    {
        RuleSetOptions options = new(DateTimeZoneProviders.Tzdb[@case.TimeZone], @case.DedupeHorizon);
        return RuleSet.Compile([.. actions.Select(segment => segment.Segment)], options) switch
        {
            RuleSetResult.Compiled compiled => compiled.Rules,
            RuleSetResult.Refused refused => throw new InvalidOperationException(string.Join('\n', refused.Errors)),
            _ => throw new InvalidOperationException(),
        };
    }

    private SegmentActions DrawActions(OracleSegment segment)
    {
        PushTarget[] targets = [.. Connectors.Append(Connectors[0]).Select(to => new PushTarget(to, Options(to)))];
        _random.Shuffle(targets);
        return new(
            new(new(segment.Name), "", segment.Rule, Pick(TimeSpan.Zero, TimeSpan.Zero, Seconds(20), Seconds(600))),
            [.. targets.Take(_random.Next(4))],
            [.. targets.Skip(_random.Next(1, 5))]
        );
    }

    private static byte[] Options(ConnectorName to) =>
        System.Text.Encoding.UTF8.GetBytes($$"""{"template":"{{to}}"}""");

    private ShardOptions DrawShardOptions()
    {
        int hot = Pick(1, 1, 100);
        ShardOptions options = new()
        {
            BatchRecords = Pick(1, 3, 1000),
            CommitInterval = Pick(TimeSpan.Zero, Seconds(0.2), Seconds(10)),
            CheckpointInterval = Pick(Seconds(1), Seconds(5), Seconds(60), Seconds(3600)),
            CheckpointCustomers = Pick(1, 3, 1000),
            TickInterval = Pick(Seconds(5), Seconds(20), Seconds(60)),
            HotCustomers = hot,
            ResidentCustomers = Math.Max(hot, Pick(1, 3, 100)),
            RestartMin = Pick(Seconds(0.1), Seconds(1)),
        };
        options.Validate().ShouldBeEmpty();
        return options;
    }

    private RelayOptions DrawRelayOptions()
    {
        int ahead = Pick(8, 1000);
        RelayOptions options = new()
        {
            Concurrency = Pick(1, 2, 8),
            BackoffMax = Seconds(60),
            RetryAfterMax = Seconds(120),
            DownAfter = Pick(2, 10),
            LookAhead = ahead,
            MaxHeld = Pick(ahead, 100_000),
            MaxAttempts = int.MaxValue,
            GiveUpAfter = TimeSpan.FromDays(60),
        };
        options.Validate().ShouldBeEmpty();
        return options;
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
