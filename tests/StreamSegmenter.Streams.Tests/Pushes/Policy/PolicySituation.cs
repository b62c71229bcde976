using System.Globalization;
using System.Text;
using NodaTime;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>
/// One customer, <c>u1</c>, some waiting pushes and a policy. There are two connectors for mail (<c>mail</c>,
/// <c>news</c>, marketing), one for text messages (<c>sms</c>, marketing, no suppressions) and one for the staff
/// (<c>desk</c>, operations).
/// </summary>
internal sealed class PolicySituation
{
    private static readonly DurationReader Durations = (string text, out TimeSpan duration) =>
    {
        double? unit = text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => null,
        };
        bool isRight = double.TryParse(text[..^1], CultureInfo.InvariantCulture, out double number) && unit is not null;
        duration = isRight ? TimeSpan.FromSeconds(number * unit!.Value) : default;
        return isRight;
    };

    private readonly List<PendingPush> _pending = [];

    public static readonly CustomerId Customer = new("u1");

    /// <summary>The beginning of everything: midday in UTC.</summary>
    public static readonly Timestamp Noon = At("2026-03-02T12:00:00Z");

    public PolicyOptions Options { get; set; } = new();

    /// <summary>Of all connectors.</summary>
    public PushRules Rules { get; set; } = new();

    /// <summary>Of mail, news and sms.</summary>
    public string Purpose { get; set; } = PurposeOptions.Service;

    public List<SegmentActions> Segments { get; } = [];

    public Dictionary<SegmentName, decimal> Holdouts { get; } = [];

    public List<Consent> Consents { get; } = [];

    public HashSet<Suppression> Suppressions { get; } = [];

    public List<Grant> Grants { get; } = [];

    public Dictionary<SegmentName, Standing> Standings { get; } = [];

    public HashSet<PushId> Unsent { get; } = [];

    public List<PendingPush> Pending => _pending;

    public PushPolicy Policy =>
        new(
            new()
            {
                Options = Options,
                TimeZone = DateTimeZone.Utc,
                Connectors = new Dictionary<ConnectorName, ConnectorPolicy>
                {
                    [new("mail")] = new("email", Purpose, "profile.email", Rules),
                    [new("news")] = new("email", Purpose, "profile.email", Rules),
                    [new("sms")] = new("sms", Purpose, null, Rules),
                    [new("desk")] = new("helpdesk", PurposeOptions.Operations, null, Rules),
                },
                Segments = Segments,
                Holdouts = Holdouts,
                ReadDuration = Durations,
            }
        );

    public CustomerFacts Facts => new(Customer, Consents, Suppressions, Grants, Standings, Unsent);

    public static Timestamp At(string text) =>
        Timestamp.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    public static PushId IdOf(string to, string segment, long number, int ordinal = 1) =>
        PushId.Derive(
            new(
                Customer,
                new(segment),
                number % 2 == 1 ? TransitionKind.Entered : TransitionKind.Exited,
                Noon,
                TransitionCause.Time,
                number,
                MessageId: null
            ),
            new(to),
            ordinal
        );

    /// <summary>Adds a waiting push about a transition that has just been made: odd numbers enter.</summary>
    /// <param name="after">How long after noon it was made.</param>
    /// <param name="options">The keys of its entry, in JSON.</param>
    public PushId Add(
        string to = "mail",
        string segment = "vip",
        long number = 1,
        TimeSpan after = default,
        string options = "",
        int attempts = 0,
        TimeSpan? notBefore = null,
        string profile = """ "email": "Ann@Example.com" """,
        int ordinal = 1
    )
    {
        PushId id = IdOf(to, segment, number, ordinal);
        string kind = number % 2 == 1 ? "entered" : "exited";
        string content = $$"""
            {"customer":"u1","transition":{"kind":"{{kind}}","at":"{{Later(after)}}","number":{{number}}},
            "segment":{"name":"{{segment}}"},"profile":{ {{profile}} },"event":null,"options":{ {{options}} } }
            """;
        Timestamp madeAt = Later(after);
        Standings[new(segment)] = new(number, number % 2 == 1);
        _pending.Add(
            new(
                new(new ShardId(0), _pending.Count + 1),
                new(id, new(to), Customer, attempts, Encoding.UTF8.GetBytes(content)),
                madeAt,
                notBefore is { } wait ? Later(wait) : madeAt
            )
        );
        return id;
    }

    public static Timestamp Later(TimeSpan sinceNoon) => Noon.Plus((long)sinceNoon.TotalMilliseconds);

    /// <summary>Notes that something went out before.</summary>
    public void Sent(string to, TimeSpan sinceNoon, string purpose = PurposeOptions.Service) =>
        Grants.Add(new(new($"{Grants.Count}"), new(to), purpose, Later(sinceNoon)));

    /// <summary>Has the one push that may go to a connector go, with what it carries; it waits for its retry.</summary>
    public PushId LetOut(TimeSpan sinceNoon, string to = "mail")
    {
        Timestamp now = Later(sinceNoon);
        var one = new CustomerCase(Facts, [.. _pending], Cut: new HashSet<ConnectorName>());
        List<OutboxUpdate> updates = [];
        PendingPush go = new CustomerRuling(one, Policy.Decide(Facts, _pending, now), now).For(new(to), updates).Go!;
        _pending.RemoveAll(push => updates.Any(update => update.Id == push.Push.Id));
        _pending.Add(go);
        return go.Push.Id;
    }

    public Dictionary<PushId, PolicyDecision> Decide(TimeSpan sinceNoon = default) => Decide(Later(sinceNoon));

    public Dictionary<PushId, PolicyDecision> Decide(Timestamp now)
    {
        var decisions = Policy.Decide(Facts, _pending, now);
        decisions.Select(static decision => decision.Push).ShouldBe(_pending.Select(static push => push.Push.Id));
        return decisions.ToDictionary(static decision => decision.Push);
    }

    /// <summary>The only decision.</summary>
    public PolicyDecision DecideOne(TimeSpan sinceNoon = default) => Decide(sinceNoon).Values.ShouldHaveSingleItem();
}
