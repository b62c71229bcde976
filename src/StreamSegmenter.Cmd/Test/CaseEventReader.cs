using System.Globalization;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Test;

/// <summary>
/// Reads the events of a case: <c>{ at = 1d, track = "Order Completed", properties { revenue = 5 } }</c>. Ids that are
/// not written are made up.
/// </summary>
internal sealed class CaseEventReader(TimeReader times, string customer, ProblemList problems)
{
    public const string Example = "{ at = 1d, track = \"Order Completed\", properties { revenue = 99.5 } }";

    private const int MostRepetitions = 100_000;

    private static readonly string[] Types = ["track", "page", "screen", "identify", "group", "alias"];

    private readonly List<CaseEvent> _events = [];

    /// <summary>All of them, in the order in which they are received; of equal times as written.</summary>
    public IReadOnlyList<CaseEvent> Read(ObjectReader @case)
    {
        foreach (var (path, value) in @case.ReadObjects("events", Example))
        {
            Read(new(path, value, problems), value);
        }

        return [.. _events.OrderBy(static e => e.Received)];
    }

    private void Read(ObjectReader reader, HoconObject written)
    {
        reader.RefuseAllBut([
            .. Types,
            "at",
            "received",
            "customer",
            "message-id",
            "properties",
            "traits",
            "context",
            "times",
            "every",
        ]);
        var at = times.Require(reader, "at");
        var received = times.Read(reader, "received");
        int repetitions = ReadRepetitions(reader);
        var every = reader.ReadText("every");
        long step = 0;
        if (every is not null && !CaseClock.TryReadDuration(every, out step))
        {
            Refuse(reader, "every", $"expected a duration, got \"{every}\"", "write e.g. every = 1d");
        }

        var fields = new Dictionary<string, HoconValue>(StringComparer.Ordinal);
        if (at is not { } first || !TryReadBody(reader, written, fields))
        {
            return;
        }

        for (int i = 0; i < repetitions; i++)
        {
            var happened = first.Plus(i * step);
            Add(reader, written, fields, happened, received?.Plus(i * step) ?? happened);
        }
    }

    private void Add(
        ObjectReader reader,
        HoconObject written,
        Dictionary<string, HoconValue> body,
        Timestamp happened,
        Timestamp received
    )
    {
        var number = (_events.Count + 1).ToString(CultureInfo.InvariantCulture);
        var fields = new Dictionary<string, HoconValue>(body, StringComparer.Ordinal)
        {
            ["userId"] = Text(reader.ReadText("customer") ?? customer),
            ["messageId"] = Text(reader.ReadText("message-id") ?? $"event-{number}"),
            ["timestamp"] = Text(happened.ToString()),
            ["receivedAt"] = Text(received.ToString()),
        };
        _events.Add(new(written.Origin, received, HoconJson.Write(fields)));

        HoconString Text(string text) => new(written.Origin, text);
    }

    private bool TryReadBody(ObjectReader reader, HoconObject written, Dictionary<string, HoconValue> fields)
    {
        string[] types = [.. Types.Where(written.ContainsKey)];
        if (types is not [var type])
        {
            problems.Add(
                written.Origin,
                reader.KeyOf("track"),
                types.Length == 0 ? "says not what kind of event it is" : "is of several kinds",
                $"write one of {string.Join(", ", Types)}, e.g. {Example}"
            );
            return false;
        }

        fields["type"] = new HoconString(written.Origin, type);
        var body = type is "identify" or "group" ? "traits" : "properties";
        if (type == "track")
        {
            fields["event"] = new HoconString(written.Origin, reader.RequireText("track", "\"Order Completed\"") ?? "");
        }
        else if (written[type] is HoconObject content)
        {
            fields[body] = content;
        }
        else
        {
            Refuse(reader, type, $"expected an object, got {written[type].Description}", $"write {type} {{ ... }}");
        }

        foreach (var part in (string[])["properties", "traits", "context"])
        {
            if (reader.ReadObject(part) is not null)
            {
                fields[part] = written[part];
            }
        }

        return true;
    }

    private int ReadRepetitions(ObjectReader reader)
    {
        if (reader.ReadText("times") is not { } text)
        {
            return 1;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return Math.Min(count, MostRepetitions);
        }

        Refuse(reader, "times", $"expected a whole number above 0, got \"{text}\"", "write e.g. times = 3");
        return 1;
    }

    private void Refuse(ObjectReader reader, string key, string problem, string cure) =>
        problems.Add(reader.PlaceOf(key), reader.KeyOf(key), problem, cure);
}
