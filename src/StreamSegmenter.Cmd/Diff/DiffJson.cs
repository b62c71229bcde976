using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Diff;

/// <summary>Writes differences as one JSON object.</summary>
internal static class DiffJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    public static void Write(
        Stream output,
        IReadOnlyList<SegmentDifference> differences,
        long events,
        Timestamp until,
        int samples
    )
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("events", events);
            json.WriteString("until", until == Timestamp.Beginning ? null : until.ToString());
            json.WriteStartArray("segments");
            foreach (var difference in differences)
            {
                Write(json, difference, samples);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        output.Flush();
    }

    private static void Write(Utf8JsonWriter json, SegmentDifference difference, int samples)
    {
        json.WriteStartObject();
        json.WriteString("segment", difference.Name.Value);
        json.WriteString("rule", difference.Change.ToString().ToLowerInvariant());
        WriteVersion(json, "old", difference.Old);
        WriteVersion(json, "new", difference.New);
        WriteCustomers(json, "enter", difference.Enter, samples);
        WriteCustomers(json, "leave", difference.Leave, samples);
        json.WriteNumber("stay", difference.Stay);
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, string name, ReplayedSegment? segment)
    {
        if (segment is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("rule", SegmentDifference.RuleOf(segment));
        json.WriteNumber("members", segment.Members.Count);
        json.WriteNumber("transitions", segment.Transitions);
        json.WriteEndObject();
    }

    private static void WriteCustomers(
        Utf8JsonWriter json,
        string name,
        IReadOnlyList<CustomerId> customers,
        int samples
    )
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", customers.Count);
        json.WriteStartArray("sample");
        foreach (var customer in customers.Take(samples))
        {
            json.WriteStringValue(customer.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
