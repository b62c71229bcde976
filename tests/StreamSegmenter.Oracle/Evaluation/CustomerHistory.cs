using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>Everything that is remembered of one customer.</summary>
internal sealed class CustomerHistory(string customer)
{
    private readonly List<CustomerEvent> _events = [];

    public string Customer { get; } = customer;

    /// <summary>By (time, log order).</summary>
    public IReadOnlyList<CustomerEvent> Events => _events;

    /// <summary>The present traits: for each, the value of the newest identify that names it.</summary>
    public Fields Profile { get; private set; } = Fields.None;

    /// <summary>The present answers, by channel and purpose; purpose "*" is every one without an own answer.</summary>
    public IReadOnlyDictionary<(string Channel, string Purpose), bool> Consents { get; private set; } =
        new Dictionary<(string, string), bool>();

    /// <summary>Since when each <c>for</c> condition's inner condition has been true at every evaluation.</summary>
    public Dictionary<HeldFor, long> TrueSince { get; } = new(ReferenceEqualityComparer.Instance);

    public Dictionary<string, bool> Memberships { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Transitions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, FirstSeen> Seen { get; } = new(StringComparer.Ordinal);

    public long? Due { get; set; }

    public void Insert(CustomerEvent inserted)
    {
        var place = _events.FindIndex(inserted.IsBefore);
        _events.Insert(place < 0 ? _events.Count : place, inserted);
        if (inserted.IsIdentify)
        {
            Profile = CurrentProfile();
        }

        Consents = Answers.Of(_events);
    }

    private Fields CurrentProfile()
    {
        var traits = new Dictionary<string, Value?>(StringComparer.Ordinal);
        foreach (var (name, value) in _events.Where(e => e.IsIdentify).SelectMany(e => e.Payload.ByName))
        {
            traits[name] = value;
        }

        return new(traits);
    }
}

/// <summary>The event under whose messageId others are duplicates.</summary>
internal readonly record struct FirstSeen(CustomerEvent Event, long LogTime);
