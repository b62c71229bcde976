using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The customers of a shard that are in memory. At most <c>hot</c> are unpacked; which of them are packed again, and
/// which packed ones are dropped when asked to, is decided by second chance (the clock algorithm).
/// </summary>
internal sealed class ResidentTable
{
    private readonly RuleSet _rules;
    private readonly int _mostHot;
    private readonly HashSet<Resident> _residents = new(ById.Instance);
    private readonly HashSet<Resident>.AlternateLookup<string> _byId;
    private readonly Queue<Resident> _hot = new();
    private readonly Queue<Resident> _all = new();
    private readonly CustomerCodec _codec;
    private readonly PackedStates _packed = new();

    /// <param name="hot">How many may be unpacked, at least one.</param>
    public ResidentTable(RuleSet rules, int hot)
    {
        (_rules, _mostHot, _codec) = (rules, hot, new(rules));
        _byId = _residents.GetAlternateLookup<string>();
    }

    public int Count => _residents.Count;

    public IEnumerable<CustomerId> Ids => _residents.Select(resident => resident.Id);

    public Resident? Find(CustomerId id) => _byId.TryGetValue(id.Value, out Resident? resident) ? resident : null;

    public Resident Create(CustomerId id)
    {
        Resident resident = Add(id);
        resident.State = _rules.NewCustomer(id);
        MakeHot(resident);
        return resident;
    }

    public Resident Admit(CustomerId id, ReadOnlySpan<byte> packed)
    {
        Resident resident = Add(id);
        _packed.Add(resident, packed);
        return resident;
    }

    /// <summary>The unpacked state, for work.</summary>
    public CustomerState Unpack(Resident resident)
    {
        resident.Used = true;
        if (resident.State is { } state)
        {
            return state;
        }

        resident.State = _codec.Unpack(resident.Id, _packed.Read(resident));
        _packed.Remove(resident);
        MakeHot(resident);
        return resident.State;
    }

    /// <summary>A copy of the packed state.</summary>
    public byte[] Pack(Resident resident) =>
        (resident.State is { } state ? _codec.Pack(state) : _packed.Read(resident)).ToArray();

    /// <summary>
    /// Drops unchanged customers until <paramref name="keep"/> are left or all have had their second chance. Returns
    /// the earliest instant at which one of those dropped, who leave the queue too, is due.
    /// </summary>
    public Timestamp Shrink(int keep, DueQueue dues)
    {
        Timestamp earliest = Timestamp.Never;
        for (int chances = 2 * _all.Count; _residents.Count > keep && chances > 0; chances--)
        {
            Resident resident = _all.Dequeue();
            if (resident.Changed || resident.State is not null || resident.Used)
            {
                resident.Used = false;
                _all.Enqueue(resident);
                continue;
            }

            _residents.Remove(resident);
            dues.Remove(resident);
            _packed.Remove(resident);
            earliest = Timestamp.Min(earliest, resident.NextDue);
        }

        return earliest;
    }

    private Resident Add(CustomerId id)
    {
        var resident = new Resident(id) { Used = true };
        _residents.Add(resident);
        _all.Enqueue(resident);
        return resident;
    }

    private void MakeHot(Resident resident)
    {
        while (_hot.Count >= _mostHot)
        {
            Resident oldest = _hot.Dequeue();
            if (oldest.Used)
            {
                oldest.Used = false;
                _hot.Enqueue(oldest);
            }
            else
            {
                _packed.Add(oldest, _codec.Pack(oldest.State!));
                oldest.State = null;
            }
        }

        _hot.Enqueue(resident);
    }

    // A set of residents found by their id takes less than a dictionary, which holds the id once more.
    private sealed class ById : IEqualityComparer<Resident>, IAlternateEqualityComparer<string, Resident>
    {
        public static readonly ById Instance = new();

        public bool Equals(Resident? x, Resident? y) => ReferenceEquals(x, y) || x?.Id == y?.Id;

        public int GetHashCode(Resident resident) => GetHashCode(resident.Id.Value);

        public bool Equals(string alternate, Resident other) => alternate == other.Id.Value;

        public int GetHashCode(string alternate) => string.GetHashCode(alternate, StringComparison.Ordinal);

        public Resident Create(string alternate) => new(new(alternate));
    }
}
