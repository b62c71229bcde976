namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// A customer as somebody would write it by hand for exactly these ten segments: what each needs and no more. It knows
/// no duplicates, no late events, no transitions at the instant when time alone makes them, and cannot be stored; it is
/// the least that anything must do.
/// </summary>
internal sealed class Shopper
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const long Year = 365 * Day;
    private const long Never = long.MinValue / 2;

    private readonly Queue<long> _anyOfHour = new();
    private readonly Queue<long> _supportOfMonth = new();
    private readonly Queue<(long At, string Category)> _viewsOfMonth = new();
    private readonly Queue<(long At, decimal Revenue)> _ordersOfMonth = new();
    private readonly Queue<(long At, decimal Revenue)> _ordersOfYear = new();
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private readonly Queue<long> _ordersOfQuarter = new();
    private readonly Dictionary<long, int> _days = [];
    private decimal _sumOfMonth;
    private decimal _sumOfYear;
    private int _orders;
    private long _lastAny = Never;
    private long _lastAdded = Never;
    private long _lastViewed = Never;
    private long _lastOrder = Never;
    private bool _isBusiness;

    /// <summary>A bit for each of <see cref="ShopSegments.Definitions"/>, as of the last call.</summary>
    public int Memberships { get; private set; }

    public Shopper Apply(in ShopReading reading, long now)
    {
        long at = reading.At;
        _lastAny = at;
        _anyOfHour.Enqueue(at);
        switch (reading.Name)
        {
            case "Product Viewed":
                _lastViewed = at;
                _viewsOfMonth.Enqueue((at, reading.Category!));
                _categories[reading.Category!] = _categories.GetValueOrDefault(reading.Category!) + 1;
                break;
            case "Product Added":
                _lastAdded = at;
                break;
            case "Order Completed":
                Order(at, reading.Revenue!.Value);
                break;
            case "Support Contacted":
                _supportOfMonth.Enqueue(at);
                break;
            case "identify":
                _isBusiness = reading.Plan == "business";
                break;
        }

        Evaluate(now);
        return this;
    }

    /// <summary>Brings <see cref="Memberships"/> up to this instant.</summary>
    public void Evaluate(long now)
    {
        LetGo(now);
        bool abandoned = _lastAdded > now - (7 * Day) && now - _lastAdded >= Hour && _lastOrder <= _lastAdded;
        bool isIdle = _lastViewed > now - (7 * Day) && now - _lastViewed >= Day && _lastOrder <= now - (7 * Day);
        Memberships =
            Bit(0, abandoned)
            | Bit(1, _supportOfMonth.Count >= 3 && _sumOfYear > 1_000_000)
            | Bit(2, _orders == 1)
            | Bit(3, now - _lastAny >= 30 * Day)
            | Bit(4, _sumOfMonth > 500 && _viewsOfMonth.Count >= 3)
            | Bit(5, isIdle && !abandoned)
            | Bit(6, _categories.Count >= 5)
            | Bit(7, _days.Count >= 3)
            | Bit(8, _isBusiness && _supportOfMonth.Count >= 1)
            | Bit(9, _anyOfHour.Count >= 15);
    }

    private static int Bit(int index, bool isSet) => isSet ? 1 << index : 0;

    private void Order(long at, decimal revenue)
    {
        _orders++;
        _lastOrder = at;
        _ordersOfMonth.Enqueue((at, revenue));
        _ordersOfYear.Enqueue((at, revenue));
        _sumOfMonth += revenue;
        _sumOfYear += revenue;
        _ordersOfQuarter.Enqueue(at);
        _days[at / Day] = _days.GetValueOrDefault(at / Day) + 1;
    }

    private void LetGo(long now)
    {
        while (_anyOfHour.TryPeek(out long at) && at <= now - Hour)
        {
            _anyOfHour.Dequeue();
        }

        while (_supportOfMonth.TryPeek(out long at) && at <= now - (30 * Day))
        {
            _supportOfMonth.Dequeue();
        }

        while (_viewsOfMonth.TryPeek(out (long At, string Category) view) && view.At <= now - (30 * Day))
        {
            _viewsOfMonth.Dequeue();
            if (--_categories[view.Category] == 0)
            {
                _categories.Remove(view.Category);
            }
        }

        while (_ordersOfMonth.TryPeek(out (long At, decimal Revenue) order) && order.At <= now - (30 * Day))
        {
            _sumOfMonth -= _ordersOfMonth.Dequeue().Revenue;
        }

        while (_ordersOfQuarter.TryPeek(out long at) && at <= now - (90 * Day))
        {
            long day = _ordersOfQuarter.Dequeue() / Day;
            if (--_days[day] == 0)
            {
                _days.Remove(day);
            }
        }

        while (_ordersOfYear.TryPeek(out (long At, decimal Revenue) order) && order.At <= now - Year)
        {
            _sumOfYear -= _ordersOfYear.Dequeue().Revenue;
        }
    }
}
