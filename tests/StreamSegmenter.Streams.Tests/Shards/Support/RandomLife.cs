using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>One random case lived through by shards that are killed, replaced and stopped at random moments.</summary>
internal sealed class RandomLife
{
    private readonly Random _random;
    private readonly RandomCase _case;
    private readonly ShardRig _rig;
    private readonly double _faults;
    private readonly RunningShard?[] _owners;
    private readonly List<RunningShard> _zombies = [];
    private readonly List<OracleRecord> _records = [];

    public RandomLife(int seed, int? partitions = null)
    {
        _random = new(seed);
        _case = RandomCases.Create(seed, CaseLevel.Basic, seed % 2 == 0 ? CaseScale.Days : CaseScale.Milliseconds);
        int count = _random.Next(3) switch
        {
            0 => 1,
            1 => 2,
            _ => 5,
        };
        _owners = new RunningShard?[partitions ?? count];
        _faults = Pick(0, 0.02, 0.1);
        SegmentActions[] segments = [.. _case.Segments.Select(RandomActions)];
        _rig = new(segments, _owners.Length);
        _rig.Define(segments, new(NodaTime.DateTimeZone.Utc, _case.DedupeHorizon));
        bool days = seed % 2 == 0;
        _rig.Options = new()
        {
            BatchRecords = Pick(1, 3, 1000),
            CommitInterval = Pick(TimeSpan.Zero, Hours(1)),
            CheckpointInterval = days ? Pick(Hours(1), Hours(100), Hours(1e6)) : Pick(Millis(1), Millis(20), Hours(1)),
            CheckpointCustomers = Pick(1, 2, 1000),
            TickInterval = days ? Pick(Hours(24), Hours(240)) : Pick(Millis(1), Millis(50)),
            HotCustomers = Pick(1, 1, 100),
            ResidentCustomers = 100,
        };
        _rig.Options = _rig.Options with { ResidentCustomers = Pick(_rig.Options.HotCustomers, 100) };
        _rig.Options.Validate().ShouldBeEmpty();
        _rig.BeginAt(_case.Lines.Select(CaseLine.Read).First(line => line.Time is not null).Time!.Value);
    }

    /// <summary>Lives to the end, and returns the history after comparing it with the oracle's.</summary>
    public IReadOnlyList<OracleTransition> Run()
    {
        foreach (CaseLine line in _case.Lines.Select(CaseLine.Read))
        {
            Befall();
            Append(line);
        }

        Befall();
        MoveTo(_case.Until);
        foreach (RunningShard owner in _owners.OfType<RunningShard>().Concat(_zombies))
        {
            owner.Kill();
        }

        for (int shard = 0; shard < _owners.Length; shard++)
        {
            _rig.Start(shard).Stop();
        }

        OracleConfig config = _case.Config;
        DateTimeOffset until = _rig.Loop.Time.GetUtcNow().AddMilliseconds(-1);
        OracleResult expected = OracleRun.Simulate(config, _records, until);
        new Expectation(_rig, _owners.Length, _records, expected).Check();
        return expected.Transitions;
    }

    private void Befall()
    {
        for (int shard = 0; shard < _owners.Length; shard++)
        {
            if (_owners[shard] is not { Task.IsCompleted: false } owner)
            {
                CheckEnd(_owners[shard]);
                _owners[shard] = _random.Next(4) == 0 ? null : Start(shard);
                continue;
            }

            switch (_random.Next(25))
            {
                case 0:
                    owner.Kill();
                    _owners[shard] = Start(shard);
                    break;
                case 1:
                    _zombies.Add(owner);
                    _owners[shard] = Start(shard);
                    break;
                case 2 when _faults == 0:
                    owner.Stop();
                    break;
                case 3:
                    owner.Kill();
                    _owners[shard] = null;
                    break;
            }
        }
    }

    private RunningShard Start(int shard) =>
        _rig.Start(
            shard,
            call =>
                call == StoreCall.ReadLog || _random.NextDouble() >= _faults ? Fault.None : (Fault)_random.Next(1, 4),
            slowness: TimeSpan.FromMilliseconds(_random.Next(1, 100))
        );

    private static void CheckEnd(RunningShard? ended)
    {
        if (ended?.Error is { } error and not (CrashedException or ShardFencedException))
        {
            throw error;
        }
    }

    private void Append(CaseLine line)
    {
        MoveTo(line.Time ?? DateTimeOffset.MinValue);
        _records.Add(new(_rig.Now.Milliseconds, line.Json));
        _rig.AppendUnseen(line.Record);
        if (_random.Next(3) > 0)
        {
            _rig.Loop.Settle();
        }
    }

    private void MoveTo(DateTimeOffset time)
    {
        if (time > _rig.Loop.Time.GetUtcNow())
        {
            _rig.Advance(time - _rig.Loop.Time.GetUtcNow());
        }
    }

    private SegmentActions RandomActions(OracleSegment segment)
    {
        PushTarget[] targets =
        [
            new(Scripted.Chat, """{"template":"a"}"""u8.ToArray()),
            new(Scripted.Mail, """{"template":"b"}"""u8.ToArray()),
            new(Scripted.Chat, """{"template":"c"}"""u8.ToArray()),
        ];
        return new(
            new(new(segment.Name), "", segment.Rule, Pick(TimeSpan.Zero, Millis(30), Hours(50))),
            [.. targets.Take(_random.Next(4))],
            [.. targets.Skip(_random.Next(4))]
        );
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static TimeSpan Millis(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
