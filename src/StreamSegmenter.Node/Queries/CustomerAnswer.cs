using System.Text.Json;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Queries;

/// <summary>What was found out about a customer, ready to be sent.</summary>
internal abstract record CustomerAnswer
{
    /// <summary>From the shard's memory: all that is known now. Null when nobody is known by this id.</summary>
    public sealed record Owned(CustomerSnapshot? Snapshot) : CustomerAnswer;

    /// <summary>What the owner, another node, has answered.</summary>
    public sealed record Forwarded(int Status, byte[] Json) : CustomerAnswer;

    /// <summary>
    /// From the state store, because the owner cannot be asked: memberships as of its last commit, and no traits.
    /// </summary>
    public sealed record Stored(IReadOnlyList<Membership> Memberships) : CustomerAnswer;

    public int StatusCode =>
        this switch
        {
            Owned { Snapshot: null } => StatusCodes.Status404NotFound,
            Forwarded forwarded => forwarded.Status,
            _ => StatusCodes.Status200OK,
        };

    public void WriteTo(Utf8JsonWriter json, CustomerId customer)
    {
        if (this is Forwarded forwarded)
        {
            json.WriteRawValue(forwarded.Json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("customer", customer.Value);
        json.WriteString("source", this is Owned ? "owner" : "store");
        json.WriteBoolean("stale", this is Stored);
        switch (this)
        {
            case Owned { Snapshot: { } snapshot }:
                json.WriteString("at", snapshot.At.ToString());
                WriteSegments(
                    json,
                    snapshot.Segments.Select(segment => (segment.Segment.Value, segment.Since.ToString()))
                );
                json.WritePropertyName("traits");
                json.WriteRawValue(snapshot.Traits.Span, skipInputValidation: true);
                break;
            case Stored stored:
                WriteSegments(
                    json,
                    stored.Memberships.Select(segment => (segment.Segment.Value, segment.Since.ToString()))
                );
                break;
            default:
                json.WriteString("error", "nobody is known by this id");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteSegments(Utf8JsonWriter json, IEnumerable<(string Name, string Since)> segments)
    {
        json.WriteStartArray("segments");
        foreach ((string name, string since) in segments)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("since", since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
