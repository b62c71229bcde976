using System.Globalization;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>What a push was made with, as the simulation knows it.</summary>
internal sealed record SimulatedPush(string To, string Segment, long Number, Timestamp MadeAt)
{
    public string Purpose { get; init; } = PurposeOptions.Service;

    public int Importance { get; init; }

    public TimeSpan Expires { get; init; }

    public TimeSpan Digest { get; init; }

    public bool Recheck { get; init; }

    public bool Collapse { get; init; }

    public bool IgnoresQuietHours { get; init; }

    public string OverCap { get; init; } = "defer";

    public string Channel => To == "sms" ? "sms" : "email";

    public string Json =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"purpose\":\"{Purpose}\",\"importance\":{Importance},\"expires\":\"{Expires.TotalSeconds}s\","
                + $"\"digest\":\"{Digest.TotalSeconds}s\",\"recheck\":{(Recheck ? "true" : "false")},"
                + $"\"collapse\":{(Collapse ? "true" : "false")},\"over-cap\":\"{OverCap}\","
                + $"\"ignore-quiet-hours\":{(IgnoresQuietHours ? "true" : "false")}"
        );
}

/// <summary>An attempt, with all pushes that it carried.</summary>
internal sealed record SimulatedAttempt(Timestamp At, string To, bool IsFirst, IReadOnlyList<PushId> Pushes);

/// <summary>
/// A customer who crosses borders at random, and three connectors that work, fail and are down at random, each asking
/// the policy when one of its pushes is due. What the policy answers is done as answered; <paramref name="observe"/>
/// sees every answer.
/// </summary>
internal sealed class PolicySimulation(int seed, Action<PolicySimulation, IReadOnlyList<PolicyDecision>> observe)
{
    private static readonly string[] Connectors = ["mail", "news", "sms"];
    private static readonly string[] Segments = ["a", "b", "c", "d"];
    private static readonly (string Zone, int DaysLater)[] Zones =
    [
        ("America/New_York", 5),
        ("Europe/Berlin", 26),
        ("Australia/Lord_Howe", 33),
    ];

    private readonly Random _random = new(seed);
    private readonly Dictionary<PushId, List<PushId>> _carried = [];
    private readonly Dictionary<string, Timestamp> _downUntil = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _numbers = Segments.ToDictionary(
        static s => s,
        static _ => 0L,
        StringComparer.Ordinal
    );
    private string _zone = "UTC";
    private PushPolicy? _policy;

    public PolicySituation It { get; } = new();

    public PushPolicy Policy => _policy ??= It.Policy;

    public Timestamp Now { get; private set; }

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public Dictionary<PushId, SimulatedPush> Pushes { get; } = [];

    public List<SimulatedAttempt> Attempts { get; } = [];

    public Dictionary<PushId, string> Ended { get; } = [];

    /// <summary>The push, and those merged into it.</summary>
    public IEnumerable<SimulatedPush> Carried(PushId id) =>
        _carried.GetValueOrDefault(id, []).Prepend(id).Select(push => Pushes[push]);

    public void Run()
    {
        (_zone, int days) = Zones[_random.Next(Zones.Length)];
        Zone = TimeZoneInfo.FindSystemTimeZoneById(_zone);
        Now = PolicySituation.Later(TimeSpan.FromDays(days));
        Configure();
        var transitions = new Queue<Timestamp>(
            Enumerable.Range(0, 25).Select(_ => Now.Plus(_random.Next(48 * 3600) * 1000L)).Order()
        );
        var end = Now.Plus((long)TimeSpan.FromDays(120).TotalMilliseconds);
        while (true)
        {
            foreach (string connector in Connectors.OrderBy(_ => _random.Next()).Where(IsUp))
            {
                Serve(connector);
            }

            if (!TryFindNext(transitions, out Timestamp next))
            {
                return;
            }

            next.ShouldBeGreaterThan(Now);
            next.ShouldBeLessThan(end, "nothing waits for ever");
            Now = next;
            while (transitions.TryPeek(out Timestamp at) && at <= Now)
            {
                transitions.Dequeue();
                Cross();
            }
        }
    }

    private bool IsUp(string connector) => _downUntil.GetValueOrDefault(connector) <= Now;

    private void Configure()
    {
        TimeOnly from = new(_random.Next(24), _random.Next(60));
        It.Options = new()
        {
            QuietHours = _random.Next(3) == 0 ? new() : new() { From = from, To = from.AddHours(_random.Next(1, 11)) },
            Caps = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Cap())],
        };
        It.Consents.Add(new("email", null, Granted: true, PolicySituation.Noon));
        It.Consents.Add(new("sms", "marketing", Granted: true, PolicySituation.Noon));
        foreach (string connector in Connectors)
        {
            _downUntil[connector] = _random.Next(2) == 0 ? Now : Now.Plus(_random.Next(30 * 3600) * 1000L);
        }
    }

    private CapOptions Cap() =>
        new()
        {
            Channel = OneOf(null, null, "email", "sms"),
            Purpose = OneOf(null, null, null, "marketing"),
            AtMost = _random.Next(1, 4),
            Within = TimeSpan.FromMinutes(_random.Next(1, 12 * 60)),
        };

    private void Cross()
    {
        string segment = Segments[_random.Next(Segments.Length)];
        long number = ++_numbers[segment];
        It.Standings[new(segment)] = new(number, number % 2 == 1);
        foreach (string connector in Connectors.Where(_ => _random.Next(2) == 0))
        {
            bool gathers = _random.Next(5) < 3;
            var push = new SimulatedPush(connector, segment, number, Now)
            {
                Purpose = OneOf("service", "service", "marketing", "operations"),
                Importance = _random.Next(0, 4) * 30,
                Expires = TimeSpan.FromHours(
                    _random.Next(3) > 0 ? 0
                    : gathers ? 5
                    : _random.Next(3, 40)
                ),
                Digest = TimeSpan.FromHours(gathers ? 2 : 0),
                Recheck = _random.Next(6) == 0,
                Collapse = _random.Next(5) == 0,
                IgnoresQuietHours = _random.Next(6) == 0,
                OverCap = OneOf("defer", "defer", "drop", "replace"),
            };
            PushId id = It.Add(
                connector,
                segment,
                number,
                TimeSpan.FromMilliseconds(Now.Milliseconds - PolicySituation.Noon.Milliseconds),
                push.Json,
                profile: $"\"timezone\":\"{_zone}\""
            );
            Pushes.Add(id, push);
        }
    }

    private bool TryFindNext(Queue<Timestamp> transitions, out Timestamp next)
    {
        next = transitions.TryPeek(out Timestamp crossing) ? crossing : Timestamp.Never;
        foreach (PendingPush push in It.Pending)
        {
            Timestamp up = _downUntil[push.Push.Connector.Value];
            next = Timestamp.Min(next, Timestamp.Max(push.NotBefore, up));
        }

        return next != Timestamp.Never;
    }

    /// <summary>Does what is due at one connector, as its relay would.</summary>
    private void Serve(string connector)
    {
        for (int round = 0; It.Pending.Any(push => IsDue(push, connector)); round++)
        {
            round.ShouldBeLessThan(200, "what is due is decided on");
            var decisions = Policy.Decide(It.Facts, It.Pending, Now);
            observe(this, decisions);
            Settle(connector, decisions);
            PolicyDecision.Send[] sends =
            [
                .. decisions.OfType<PolicyDecision.Send>().Where(send => Pushes[send.Push].To == connector),
            ];

            // Some relays let out all at once, and some one after the other.
            foreach (var send in _random.Next(2) == 0 ? sends : sends.Take(1).ToArray())
            {
                Grant(send);
            }

            foreach (var send in sends.TakeWhile(send => It.Grants.Any(grant => grant.Push == send.Push)))
            {
                if (!Attempt(send.Push))
                {
                    break;
                }
            }
        }
    }

    private bool IsDue(PendingPush push, string connector) =>
        push.Push.Connector.Value == connector && push.NotBefore <= Now;

    private void Settle(string connector, IEnumerable<PolicyDecision> decisions)
    {
        foreach (var decision in decisions.Where(decision => Pushes[decision.Push].To == connector))
        {
            switch (decision)
            {
                case PolicyDecision.Wait wait:
                    Replace(wait.Push, push => push with { NotBefore = wait.Until });
                    break;
                case PolicyDecision.Drop drop:
                    if (It.Grants.All(grant => grant.Push != drop.Push))
                    {
                        It.Unsent.Add(drop.Push);
                    }

                    End(drop.Push, drop.Reason);
                    break;
                case PolicyDecision.Merge merge:
                    ReadOnlyMemory<byte> content = It.Pending.Single(push => push.Push.Id == merge.Push).Push.Content;
                    Replace(
                        merge.Into,
                        push =>
                            push with
                            {
                                Push = push.Push with { Content = PushDigest.Write(push.Push.Content, [content]) },
                            }
                    );
                    (_carried.TryGetValue(merge.Into, out var others) ? others : _carried[merge.Into] = []).Add(
                        merge.Push
                    );
                    End(merge.Push, "merged");
                    break;
                default:
                    break;
            }
        }
    }

    private void Grant(PolicyDecision.Send send)
    {
        if (It.Grants.All(grant => grant.Push != send.Push))
        {
            It.Grants.Add(new(send.Push, new(Pushes[send.Push].To), send.Purpose, Now));
        }
    }

    /// <summary>False when it has to be tried again.</summary>
    private bool Attempt(PushId id)
    {
        bool isFirst = Attempts.All(attempt => attempt.Pushes[0] != id);
        Attempts.Add(new(Now, Pushes[id].To, isFirst, [id, .. _carried.GetValueOrDefault(id, [])]));
        int attempts = It.Pending.Single(push => push.Push.Id == id).Push.Attempts;
        switch (attempts > 3 ? 9 : _random.Next(10))
        {
            case 0:
                It.Grants.RemoveAll(grant => grant.Push == id);
                End(id, "rejected");
                return true;
            case 1 or 2:
                Timestamp later = Now.Plus(_random.Next(1, 3600) * 1000L);
                Replace(id, push => push with { NotBefore = later, Push = push.Push with { Attempts = attempts + 1 } });
                return false;
            default:
                int grant = It.Grants.FindIndex(grant => grant.Push == id);
                It.Grants[grant] = It.Grants[grant] with { At = Now };
                End(id, "delivered");
                return true;
        }
    }

    private void Replace(PushId id, Func<PendingPush, PendingPush> change)
    {
        int index = It.Pending.FindIndex(push => push.Push.Id == id);
        It.Pending[index] = change(It.Pending[index]);
    }

    private void End(PushId id, string how)
    {
        Ended.Add(id, how);
        It.Pending.RemoveAll(push => push.Push.Id == id);
    }

    private T OneOf<T>(params T[] values) => values[_random.Next(values.Length)];
}
