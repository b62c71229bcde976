using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>One event, and what the log says of it.</summary>
internal readonly record struct ShopEvent(Timestamp LogTime, CustomerId Customer, ReadOnlyMemory<byte> Payload);

/// <summary>
/// Some days of a shop, made in memory from a seed: customers come for visits of about eight events, some often, most
/// seldom. <see cref="MoveTo"/> lays the same days over the calendar again, with new message ids, so that a stream as
/// long as one likes needs no more memory than one pass.
/// </summary>
internal sealed class ShopStream
{
    private const double MeanVisitEvents = 8;
    private const double MeanDaysBetweenVisits = 8;
    private const int Seed = 20_26;

    private static readonly DateTime FirstDay = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Every event begins alike, so that the moving parts are always in the same place.
    private const string Head = "{\"messageId\":\"00000000-";
    private const string Times = "\",\"timestamp\":\"2026-01-01";
    private const int MessagePass = 14;
    private const int FirstDate = 14 + 36 + 15;
    private const int SecondDate = FirstDate + 24 + 16;

    private readonly byte[] _bytes;
    private readonly (long LogTime, int Customer, int Start, int Length)[] _events;
    private readonly CustomerId[] _customers;
    private readonly long _begin = new DateTimeOffset(FirstDay).ToUnixTimeMilliseconds();
    private long _shift;

    public ShopStream(ShopShape shape, int events)
    {
        Shape = shape;
        _customers = [.. Enumerable.Range(0, Customers).Select(i => new CustomerId($"customer-{i:D6}"))];
        _events = new (long, int, int, int)[events];
        using var bytes = new MemoryStream(events * shape.TypicalEventBytes);
        Fill(bytes);
        _bytes = bytes.GetBuffer();
        Bytes = bytes.Length;
        Days = (int)Math.Ceiling((_events[^1].LogTime - _begin + 1) / TimeSpan.FromDays(1).TotalMilliseconds);
    }

    public ShopShape Shape { get; }

    public int Customers => Shape.Customers;

    public int Count => _events.Length;

    /// <summary>Of all events together.</summary>
    public long Bytes { get; }

    /// <summary>How many days one pass covers.</summary>
    public int Days { get; }

    public IReadOnlyList<CustomerId> Ids => _customers;

    /// <summary>When the last event reaches the log.</summary>
    public Timestamp End => this[Count - 1].LogTime;

    public ShopEvent this[int index]
    {
        get
        {
            (long time, int customer, int start, int length) = _events[index];
            return new(new(time + _shift), _customers[customer], new(_bytes, start, length));
        }
    }

    /// <summary>Begins the pass of this number, counted from 0, where the one before it ended.</summary>
    public void MoveTo(int pass)
    {
        _shift = (long)TimeSpan.FromDays((long)pass * Days).TotalMilliseconds;
        Span<byte> number = stackalloc byte[8];
        pass.TryFormat(number, out _, "D8", CultureInfo.InvariantCulture);
        Span<byte> date = stackalloc byte[10];
        int day = -1;
        foreach ((long time, _, int start, _) in _events)
        {
            int today = (int)((time - _begin) / (long)TimeSpan.FromDays(1).TotalMilliseconds);
            if (today != day)
            {
                FirstDay.AddDays(today + ((long)pass * Days)).TryFormat(date, out _, "yyyy-MM-dd");
                day = today;
            }

            Span<byte> payload = _bytes.AsSpan(start);
            number.CopyTo(payload[MessagePass..]);
            date.CopyTo(payload[FirstDate..]);
            date.CopyTo(payload[SecondDate..]);
        }
    }

    private void Fill(MemoryStream bytes)
    {
        var random = new Random(Seed);
        var next = new PriorityQueue<int, long>(Customers);
        double[] pace = [.. Enumerable.Range(0, Customers).Select(_ => Exponential(random, 1) + 0.1)];
        for (int customer = 0; customer < Customers; customer++)
        {
            next.Enqueue(customer, _begin + Visit(random, pace[customer]));
        }

        var body = new ShopEventBody(random, Shape.FromBrowsers);
        for (int i = 0; i < _events.Length; i++)
        {
            next.TryPeek(out int customer, out long now);
            bool leaves = random.NextDouble() < 1 / MeanVisitEvents;
            next.DequeueEnqueue(
                customer,
                now + (leaves ? Visit(random, pace[customer]) : 5_000 + (long)Exponential(random, 40_000))
            );
            int start = (int)bytes.Length;
            bytes.Write(Encoding.UTF8.GetBytes(Event(i, customer, now, body)));
            _events[i] = (now, customer, start, (int)bytes.Length - start);
        }
    }

    private string Event(int number, int customer, long now, ShopEventBody body)
    {
        // A customer's events keep their order; their clock and the way to the log cost each the same few moments.
        string at = Time(now - Math.Min(20 + (customer % 400), now % (long)TimeSpan.FromDays(1).TotalMilliseconds));
        string id = $"{Head}{number >> 16:x4}-4{number & 0xfff:x3}-8{(number >> 12) & 0xfff:x3}-{customer:x12}";
        string times = $"{Times}{at}Z\",\"receivedAt\":\"2026-01-01{Time(now)}Z\",";
        return $"{id}{times}\"userId\":\"customer-{customer:D6}\",{body.Write(customer)}}}";
    }

    // The date is written by MoveTo.
    private string Time(long now) =>
        FirstDay.AddMilliseconds(now - _begin).ToString("'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static long Visit(Random random, double pace) =>
        (long)(Exponential(random, MeanDaysBetweenVisits * pace) * TimeSpan.FromDays(1).TotalMilliseconds) + 60_000;

    private static double Exponential(Random random, double mean) => -Math.Log(1 - random.NextDouble()) * mean;
}
