using System.Text.Json;
using NodaTime;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>
/// Three days with all that can go wrong: a provider that is away for eight hours, that takes pushes and does not
/// answer, that asks for patience and that refuses some; and a policy with quiet hours, caps, digests, holdouts and
/// expiry. What became of the pushes adds up to the transitions, exactly.
/// </summary>
public sealed class AccountingTests
{
    private const int Customers = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_transition_is_accounted_for(int seed)
    {
        using DeskRig rig = new(
            new()
            {
                AttemptTimeout = TimeSpan.FromSeconds(5),
                BackoffMax = TimeSpan.FromMinutes(2),
                MaxAttempts = 5_000,
            },
            Policy(),
            "mail",
            "desk"
        );
        Provider mail = new(rig, "mail", new Random(seed));
        Provider desk = new(rig, "desk", new Random(seed + 100));
        rig.Run();
        int transitions = LetThreeDaysPass(rig, new Random(seed + 200));
        rig.Loop.Advance(TimeSpan.FromDays(10));
        rig.Stop();

        foreach (Provider provider in new[] { mail, desk })
        {
            OutboxCounts counts = rig.Counts(provider.Name);
            counts.Total.ShouldBe(transitions);
            counts.Pending.ShouldBe(0);
            counts.Unknown.ShouldBe(0, "duplicates are preferred");
            CheckEnds(rig, provider);
            counts.Delivered.ShouldBe(provider.Effects.Count);
            counts.Dead.ShouldBe(provider.Refused.Count);
            provider.Repeated.ShouldBeGreaterThan(0, "nothing was taken twice under one key");
            provider.AskedForPatience.ShouldBeGreaterThan(0);
            provider.WasAway.ShouldBeGreaterThan(0);
        }

        OutboxCounts mails = rig.Counts("mail");
        mails.Dropped.ShouldBeGreaterThan(0);
        mails.Merged.ShouldBeGreaterThan(0);
        mails.Dead.ShouldBeGreaterThan(0);
        rig.Ends.Select(end => end.End)
            .OfType<OutboxUpdate.Merged>()
            .Count(end => mail.Effects.Contains(end.Into.Value))
            .ShouldBe(mail.Carried, "what was merged goes out with its carrier");
        rig.Counts("desk").ShouldBe(new OutboxCounts(0, desk.Effects.Count, desk.Refused.Count));
        Deferred(rig).ShouldBeGreaterThan(0);
    }

    private static int LetThreeDaysPass(DeskRig rig, Random random)
    {
        Dictionary<(int, string), long> numbers = [];
        int transitions = 0;
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromDays(3); passed += TimeSpan.FromMinutes(30))
        {
            for (int burst = random.Next(10); burst > 0; burst--, transitions++)
            {
                (int customer, string segment) = (random.Next(Customers), random.Next(2) == 0 ? "vip" : "new");
                long number = numbers[(customer, segment)] = numbers.GetValueOrDefault((customer, segment)) + 1;
                TransitionKind kind = number % 2 == 1 ? TransitionKind.Entered : TransitionKind.Exited;
                Transition transition = new(
                    new($"u{customer}"),
                    new(segment),
                    kind,
                    rig.Now,
                    TransitionCause.Event,
                    number,
                    MessageId: null
                );
                rig.Commit(transition, Content(transition), "mail", "desk");
            }

            rig.Loop.Settle();
            rig.Loop.Advance(TimeSpan.FromMinutes(30));
        }

        return transitions;
    }

    // The ends that the store tells, and what the provider knows of them.
    private static void CheckEnds(DeskRig rig, Provider provider)
    {
        foreach ((string id, OutboxUpdate end) in rig.Ends.Where(end => provider.Knows(end.Id)))
        {
            switch (end)
            {
                case OutboxUpdate.Delivered:
                    provider.Effects.Contains(id).ShouldBeTrue();
                    break;
                case OutboxUpdate.Dead:
                    provider.Refused.Contains(id).ShouldBeTrue();
                    provider.Effects.Contains(id).ShouldBeFalse();
                    break;
            }
        }

        string[] unsent =
        [
            .. rig.Ends.Where(end => end.End is OutboxUpdate.Dropped or OutboxUpdate.Merged).Select(end => end.Id),
        ];
        unsent.Count(provider.Effects.Contains).ShouldBe(0, "policy ended it, and it went out");
        rig.Ends.DistinctBy(end => end.Id, StringComparer.Ordinal)
            .Count()
            .ShouldBe(rig.Ends.Count, "a push ended twice");
    }

    private static int Deferred(DeskRig rig) =>
        rig.Ends.Count(end =>
            rig.Store.PushAdministration.FindAsync(new(end.Id), default)
                .AsTask()
                .Result!.Decisions.Any(decision => decision.Verdict == PolicyVerdict.Wait)
        );

    private static string Content(Transition transition) =>
        JsonSerializer.Serialize(
            new
            {
                customer = transition.Customer.Value,
                transition = new
                {
                    kind = transition.Kind == TransitionKind.Entered ? "entered" : "exited",
                    at = transition.At.ToString(),
                    cause = "event",
                    number = transition.Number,
                },
                segment = new { name = transition.Segment.Value },
                profile = new { email = $"{transition.Customer}@example.com" },
                @event = (string?)null,
                options = new { template = "any" },
            }
        );

    private static PushPolicy Policy() =>
        new(
            new()
            {
                Options = new()
                {
                    Holdout = 10,
                    QuietHours = new() { From = new(21, 0), To = new(8, 0) },
                    Caps = [new() { AtMost = 2, Within = TimeSpan.FromDays(1) }],
                },
                TimeZone = DateTimeZone.Utc,
                Connectors = new Dictionary<ConnectorName, ConnectorPolicy>
                {
                    [new("mail")] = new(
                        "email",
                        PurposeOptions.Service,
                        "profile.email",
                        new() { Digest = TimeSpan.FromHours(2), Expires = TimeSpan.FromDays(2) }
                    ),
                    [new("desk")] = new("helpdesk", PurposeOptions.Operations, null, new()),
                },
                Segments = [],
                Holdouts = new Dictionary<SegmentName, decimal>(),
                ReadDuration = static (string _, out TimeSpan duration) =>
                {
                    duration = default;
                    return false;
                },
            }
        );

    /// <summary>An outside system that knows idempotency keys, and has bad days.</summary>
    private sealed class Provider
    {
        private readonly DeskRig _rig;
        private readonly Random _random;
        private readonly DateTimeOffset _awayFrom;
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private int _thisMinute;
        private long _minute;

        public Provider(DeskRig rig, string name, Random random)
        {
            (_rig, Name, _random) = (rig, name, random);
            _awayFrom = rig.Loop.Time.GetUtcNow() + TimeSpan.FromHours(20);
            rig.Connectors[name].Script = SendAsync;
        }

        public string Name { get; }

        public HashSet<string> Effects { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

        public int Repeated { get; private set; }

        public int AskedForPatience { get; private set; }

        public int WasAway { get; private set; }

        /// <summary>Pushes that came as a part of another.</summary>
        public int Carried { get; private set; }

        public bool Knows(string id) => _known.Contains(id);

        private async Task<DeliveryResult> SendAsync(Push push, CancellationToken over)
        {
            string id = push.Id.Value;
            _known.Add(id);
            DateTimeOffset now = _rig.Loop.Time.GetUtcNow();
            if (now >= _awayFrom && now < _awayFrom + TimeSpan.FromHours(8))
            {
                WasAway++;
                return DeliveryResult.Retry("no connection");
            }

            if (!HasRoom(now))
            {
                AskedForPatience++;
                return DeliveryResult.Retry("429", TimeSpan.FromSeconds(40));
            }

            if (id[0] == '7')
            {
                Refused.Add(id);
                return DeliveryResult.Rejected("422");
            }

            Take(push);
            if (_random.Next(5) == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _rig.Loop.Time, over);
            }

            return DeliveryResult.Delivered;
        }

        private void Take(Push push)
        {
            if (!Effects.Add(push.Id.Value))
            {
                Repeated++;
                return;
            }

            using var content = JsonDocument.Parse(push.Content);
            Carried += content.RootElement.TryGetProperty(PushContent.Digest, out JsonElement digest)
                ? digest.GetArrayLength() - 1
                : 0;
        }

        // Three requests a minute.
        private bool HasRoom(DateTimeOffset now)
        {
            long minute = now.ToUnixTimeSeconds() / 60;
            _thisMinute = minute == _minute ? _thisMinute + 1 : 1;
            _minute = minute;
            return _thisMinute <= 3;
        }
    }
}
