using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Faults;

/// <summary>What goes wrong with one call.</summary>
internal enum Fault
{
    None,
    Slow,

    /// <summary>It fails and has no effect.</summary>
    FailBefore,

    /// <summary>It takes effect, and its answer is lost.</summary>
    FailAfter,

    /// <summary>It fails, and takes effect later nevertheless.</summary>
    FailThenLand,

    /// <summary>The caller dies; the call has no effect.</summary>
    CrashBefore,

    /// <summary>The caller dies; the call takes effect.</summary>
    CrashAfter,
}

/// <summary>Draws from the seed what goes wrong, counts it, and ends it.</summary>
internal sealed class FaultPlan(FaultProfile profile, Random random, SimScheduler scheduler)
{
    private readonly Dictionary<string, DateTimeOffset> _outages = new(StringComparer.Ordinal);

    public FaultProfile Profile => profile;

    public Random Random => random;

    /// <summary>From now on nothing goes wrong any more.</summary>
    public bool Healed { get; private set; }

    /// <summary>How often each kind of fault came about.</summary>
    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public void Heal()
    {
        Healed = true;
        _outages.Clear();
    }

    public Fault DrawFor(string call, bool isMortal)
    {
        if (Healed)
        {
            return Fault.None;
        }

        double drawn = random.NextDouble();
        if (isMortal && drawn < profile.CallKills)
        {
            return Count(call, random.Next(2) == 0 ? Fault.CrashBefore : Fault.CrashAfter);
        }

        drawn -= profile.CallKills;
        if (drawn < profile.CallFails)
        {
            return Count(call, Fault.FailBefore + random.Next(3));
        }

        return drawn - profile.CallFails < profile.CallIsSlow ? Count(call, Fault.Slow) : Fault.None;
    }

    /// <summary>Whether something that happens this often happens now.</summary>
    public bool Chance(double share) => !Healed && random.NextDouble() < share;

    public void Count(string kind) => Counts[kind] = Counts.GetValueOrDefault(kind) + 1;

    /// <summary>Something is away for a while.</summary>
    public void Begin(string what, TimeSpan length)
    {
        if (!Healed)
        {
            Count("outage of " + what);
            _outages[what] = scheduler.Now + length;
            scheduler.Trace.Add(scheduler.Now, what, "is away for seconds:", (long)length.TotalSeconds);
        }
    }

    public bool IsAway(string what) => _outages.TryGetValue(what, out DateTimeOffset end) && scheduler.Now < end;

    /// <summary>How long a call travels one way.</summary>
    public TimeSpan Latency(bool slow) =>
        slow ? Between(0.05, random.Next(5) == 0 ? 40 : 3)
        : random.Next(3) == 0 ? TimeSpan.Zero
        : TimeSpan.FromTicks(random.Next(200_000));

    public TimeSpan Between(double from, double to) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * (from + (random.NextDouble() * (to - from)))));

    /// <summary>What a caller is told when the other side cannot be reached.</summary>
    public Exception DrawError(string call) =>
        random.Next(3) switch
        {
            0 => new IOException($"connection reset in {call}"),
            1 => new TimeoutException($"no answer to {call}"),
            _ => new StateStoreUnavailableException($"{call} could not be made"),
        };

    private Fault Count(string call, Fault fault)
    {
        Count($"{fault} {call}");
        return fault;
    }
}
