using System.Globalization;
using System.Text.Json;

namespace StreamSegmenter.EndToEnd.Tests.Producing;

/// <summary>What the customers of a shop do, drawn at random: late, early, twice, out of order.</summary>
/// <param name="isTimed">Whether every event has its time; otherwise, who receives it says when that was.</param>
public sealed class RandomEvents(string producer, int customers, Random random, TimeProvider time, bool isTimed = false)
{
    private const int Remembered = 50;

    private readonly List<ProducedEvent> _recent = [];
    private int _count;

    public ProducedEvent Next()
    {
        if (_recent.Count > 0 && random.Next(20) == 0)
        {
            return _recent[random.Next(_recent.Count)];
        }

        string messageId = string.Create(CultureInfo.InvariantCulture, $"{producer}-{_count++}");
        Dictionary<string, object?> content = Content(messageId);
        ProducedEvent made = new(messageId, (string)content["userId"]!, JsonSerializer.Serialize(content));
        _recent.Add(made);
        if (_recent.Count > Remembered)
        {
            _recent.RemoveAt(0);
        }

        return made;
    }

    private Dictionary<string, object?> Content(string messageId)
    {
        // Squared, so that few customers do much and many do little.
        double share = random.NextDouble() * random.NextDouble();
        Dictionary<string, object?> content = new(StringComparer.Ordinal)
        {
            ["messageId"] = messageId,
            ["userId"] = string.Create(CultureInfo.InvariantCulture, $"{producer}-customer-{(int)(share * customers)}"),
        };
        Act(content);
        if (TimeOf() is { } timestamp)
        {
            content["timestamp"] = timestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        return content;
    }

    private void Act(Dictionary<string, object?> content)
    {
        int draw = random.Next(100);
        (content["type"], content["event"]) = draw switch
        {
            < 40 => ("track", "purchase"),
            < 60 => ("track", "cart"),
            < 75 => ("track", "support"),
            < 88 => ("page", null),
            _ => ("identify", (string?)null),
        };
        if (draw < 40)
        {
            content["properties"] = new { amount = random.Next(1, 8000) / 100m };
        }
        else if (draw >= 88)
        {
            string? plan = random.Next(3) switch
            {
                0 => "gold",
                1 => "silver",
                _ => null,
            };
            content["traits"] = new { plan, email = $"{content["userId"]}@example.test" };
        }
    }

    // Mostly the moment of receipt; sometimes up to 4 s late, sometimes from a clock that is ahead.
    private DateTimeOffset? TimeOf() =>
        random.Next(10) switch
        {
            < 6 => isTimed ? time.GetUtcNow() : null,
            < 9 => time.GetUtcNow() - TimeSpan.FromMilliseconds(random.Next(4000)),
            _ => time.GetUtcNow() + TimeSpan.FromMilliseconds(random.Next(3000)),
        };
}

/// <summary>An event as JSON, the id that makes it one, and whose it is.</summary>
public sealed record ProducedEvent(string MessageId, string Customer, string Json);
