using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>Something that takes the events of a stream, one after the other.</summary>
internal interface IContender
{
    string Name { get; }

    void Take(in ShopEvent e);
}

/// <summary>A contender that works out who is in which segment.</summary>
internal interface ISegmenting : IContender
{
    /// <summary>Per customer a bit for each segment, at <paramref name="now"/>.</summary>
    IReadOnlyDictionary<CustomerId, int> Memberships(Timestamp now);
}

/// <summary>Looks at every JSON token and keeps nothing: no engine that reads JSON can be faster.</summary>
internal sealed class TokensOnly : IContender
{
    public string Name => "(a) JSON tokens only";

    public long Tokens { get; private set; }

    public void Take(in ShopEvent e)
    {
        var reader = new Utf8JsonReader(e.Payload.Span);
        while (reader.Read())
        {
            Tokens++;
        }
    }
}

/// <summary>Everything up to an event that rules can read.</summary>
internal sealed class DecodeOnly : IContender
{
    private readonly EventDecoder _decoder = new(EventLimits.Default);

    public string Name => "(b) decode and validate";

    public void Take(in ShopEvent e)
    {
        if (!_decoder.TryDecode(e.Payload, out _, out Rejection rejection))
        {
            throw new InvalidOperationException(rejection.Detail);
        }
    }
}

/// <summary>The engine in memory.</summary>
internal sealed class Engine : ISegmenting, ITransitionSink
{
    private readonly SegmentationShard _shard;
    private readonly List<(CustomerId Customer, SegmentName Segment)> _transitions = [];
    private readonly Dictionary<SegmentName, int> _bits;

    public Engine(string name, RuleSet rules, int hotCustomers)
    {
        Name = name;
        _bits = rules.Segments.Select((segment, i) => (segment.Name, i)).ToDictionary(pair => pair.Name, p => 1 << p.i);
        _shard = new(rules, new(EventLimits.Default, hotCustomers, MaxTimelineEntries: 100_000), this);
    }

    public string Name { get; }

    public long Transitions => _transitions.Count;

    public void Take(in ShopEvent e)
    {
        if (_shard.Apply(e.LogTime, e.Customer, e.Payload).Outcome != ApplyOutcome.Applied)
        {
            throw new InvalidOperationException($"not applied: {e.Payload}");
        }
    }

    /// <summary>As a checkpoint does now and then: hands over what changed.</summary>
    public void Checkpoint() => _shard.TakeChanged();

    public IReadOnlyDictionary<CustomerId, int> Memberships(Timestamp now)
    {
        _shard.AdvanceThrough(now);
        var memberships = new Dictionary<CustomerId, int>();
        foreach ((CustomerId customer, SegmentName segment) in _transitions)
        {
            memberships[customer] = memberships.GetValueOrDefault(customer) ^ _bits[segment];
        }

        return memberships;
    }

    public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
        _transitions.Add((transition.Customer, transition.Segment));
}

/// <summary>The rules written by hand over a dictionary.</summary>
internal sealed class ByHand : ISegmenting
{
    private readonly Dictionary<CustomerId, Shopper> _shoppers = [];

    public string Name => "(e) by hand, Dictionary";

    public void Take(in ShopEvent e)
    {
        if (!_shoppers.TryGetValue(e.Customer, out Shopper? shopper))
        {
            _shoppers[e.Customer] = shopper = new();
        }

        shopper.Apply(ShopReading.Of(e.Payload.Span), e.LogTime.Milliseconds);
    }

    public IReadOnlyDictionary<CustomerId, int> Memberships(Timestamp now) => Shoppers.Memberships(_shoppers, now);
}

/// <summary>The rules written by hand over System.Reactive: a group for each customer, folded into its state.</summary>
internal sealed class WithReactive : ISegmenting, IDisposable
{
    private readonly Subject<ShopEvent> _events = new();
    private readonly Dictionary<CustomerId, Shopper> _shoppers = [];
    private readonly IDisposable _subscription;

    public WithReactive() =>
        _subscription = _events
            .GroupBy(e => e.Customer)
            .Subscribe(customer =>
                customer
                    .Scan(
                        new Shopper(),
                        (shopper, e) => shopper.Apply(ShopReading.Of(e.Payload.Span), e.LogTime.Milliseconds)
                    )
                    .Subscribe(shopper => _shoppers[customer.Key] = shopper)
            );

    public string Name => "(f) by hand, System.Reactive GroupBy";

    public void Take(in ShopEvent e) => _events.OnNext(e);

    public IReadOnlyDictionary<CustomerId, int> Memberships(Timestamp now) => Shoppers.Memberships(_shoppers, now);

    public void Dispose()
    {
        _subscription.Dispose();
        _events.Dispose();
    }
}

file static class Shoppers
{
    public static Dictionary<CustomerId, int> Memberships(Dictionary<CustomerId, Shopper> shoppers, Timestamp now)
    {
        foreach (Shopper shopper in shoppers.Values)
        {
            shopper.Evaluate(now.Milliseconds);
        }

        return shoppers.ToDictionary(pair => pair.Key, pair => pair.Value.Memberships);
    }
}
