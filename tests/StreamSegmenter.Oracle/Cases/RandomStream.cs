using System.Globalization;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>A random stream of events as NDJSON, and the time at which to stop.</summary>
internal sealed class RandomStream(Random random, CaseDurations durations, TimeZoneInfo zone, long longestDuplicate)
{
    private readonly List<(long At, string Line)> _lines = [];
    private readonly List<(long Time, string Customer)> _times = [];
    private readonly List<(string Customer, string MessageId, long LogTime)> _sent = [];

    /// <summary>The customer for whom the next event's time was chosen.</summary>
    private string? _next;

    private readonly RandomPayload _payload = new(random);
    private long _clock = durations.Scale == CaseScale.Milliseconds ? JustBeforeMarch2020 : SomeDay(random);

    private static readonly long JustBeforeMarch2020 = new DateTimeOffset(
        2020,
        2,
        29,
        23,
        59,
        59,
        970,
        TimeSpan.Zero
    ).ToUnixTimeMilliseconds();

    /// <summary>Where the stream begins; somewhere around 2020 unless given.</summary>
    public long Start
    {
        get => _clock;
        init => _clock = value;
    }

    /// <summary>What the names of the customers begin with.</summary>
    public string Customers { get; init; } = "c";

    public (IReadOnlyList<string> Lines, long End) Create()
    {
        var (lines, end) = CreateTimed();
        return ([.. lines.Select(line => line.Line)], end);
    }

    /// <summary>Each line with the time at which it comes.</summary>
    public (IReadOnlyList<(long At, string Line)> Lines, long End) CreateTimed()
    {
        var customers = random.Next(1, 4);
        for (var events = random.Next(10, 41); events > 0; events--)
        {
            _clock += Step();
            _lines.Add(
                (_clock, random.Next(40) == 0 ? RandomPayload.Garbage(random, Write(_clock)) : Event(customers))
            );
        }

        return (_lines, _clock + (random.Next(4) == 0 ? 0 : durations.Edge(random) * random.Next(1, 4)));
    }

    private static long SomeDay(Random random) =>
        new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()
        + (random.Next(-200, 300) * 86_400_000L)
        + random.Next(86_400_000);

    private long Step()
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                _next = _times.Count == 0 ? null : _times[^1].Customer;
                return 0;
            case 2 or 3:
                return random.NextInt64(durations.Longest / 4 + 2);
            case 4:
                return 1;
            case 5 when random.Next(6) == 0:
                return durations.Longest * 3;
            case 6 when random.Next(3) == 0:
                return ToMidnight();
            default:
                var (time, customer) =
                    _times.Count == 0 ? (_clock, Customers + "1") : _times[random.Next(_times.Count)];
                _next = customer;
                var edge = time + durations.Edge(random);
                return edge > _clock ? edge - _clock : random.NextInt64(durations.Longest / 8 + 2);
        }
    }

    /// <summary>To the beginning of the next calendar day, or a millisecond beside it.</summary>
    private long ToMidnight()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock);
        var midnight = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        var start = new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
        return durations.Scale == CaseScale.Days ? Math.Max(0, start - _clock + random.Next(-1, 2)) : 1;
    }

    private string Event(int customers)
    {
        var anyone = string.Create(CultureInfo.InvariantCulture, $"{Customers}{random.Next(customers) + 1}");
        var customer = random.Next(4) == 0 ? anyone : _next ?? anyone;
        _next = null;
        var time = EventTime();
        _times.Add((Math.Min(time, _clock), customer));
        var id = random.Next(5) == 0 ? $"\"anonymousId\":\"{customer}\"" : $"\"userId\":\"{customer}\"";
        return $"{{{_payload.Body()},{id}{MessageId(customer)}{Times(time)}}}";
    }

    private long EventTime() =>
        random.Next(10) switch
        {
            0 => _clock - random.NextInt64(durations.Longest + 2),
            1 => _clock - durations.Edge(random),
            2 when _times.Count > 0 => _times[random.Next(_times.Count)].Time,
            3 when random.Next(3) == 0 => _clock + durations.Edge(random),
            _ => _clock,
        };

    private string Times(long time) =>
        random.Next(8) switch
        {
            0 when time == _clock => $",\"receivedAt\":{Write(_clock)}",
            1 when time == _clock => $",\"timestamp\":{Write(time)}",
            2 => $",\"originalTimestamp\":{Write(time - 5000)},\"sentAt\":{Write(_clock - 5000)}"
                + $",\"receivedAt\":{Write(_clock)}",
            _ => $",\"timestamp\":{Write(time)},\"receivedAt\":{Write(_clock)}",
        };

    private string MessageId(string customer)
    {
        var before = _sent.FindAll(sent =>
            string.Equals(sent.Customer, customer, StringComparison.Ordinal)
            && _clock - sent.LogTime <= longestDuplicate
        );
        if (before.Count > 0 && random.Next(10) == 0)
        {
            return $",\"messageId\":\"{before[random.Next(before.Count)].MessageId}\"";
        }

        if (random.Next(10) == 0)
        {
            return "";
        }

        var messageId = string.Create(CultureInfo.InvariantCulture, $"m{_sent.Count + 1}");
        _sent.Add((customer, messageId, _clock));
        return $",\"messageId\":\"{messageId}\"";
    }

    private static string Write(long time) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(time)
            .ToString("'\"'yyyy-MM-dd'T'HH:mm:ss.fff'Z\"'", CultureInfo.InvariantCulture);
}
