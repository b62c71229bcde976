using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>A ticket to be created.</summary>
/// <param name="ExternalId">The push's id, by which the ticket can be found again.</param>
internal sealed record Ticket(
    string Subject,
    string Text,
    bool IsPublic,
    string? Priority,
    IReadOnlyList<string> Tags,
    string ExternalId,
    string? RequesterName,
    string? RequesterEmail
)
{
    /// <summary>
    /// The same ticket gives the same bytes: Zendesk refuses a known idempotency key with another body.
    /// </summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject("ticket");
        json.WriteString("subject", Subject);
        json.WriteStartObject("comment");
        json.WriteString("body", Text);
        json.WriteBoolean("public", IsPublic);
        json.WriteEndObject();
        if (Priority is not null)
        {
            json.WriteString("priority", Priority);
        }

        if (Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (string tag in Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        json.WriteString("external_id", ExternalId);
        if (RequesterEmail is not null)
        {
            json.WriteStartObject("requester");
            json.WriteString("name", RequesterName ?? RequesterEmail);
            json.WriteString("email", RequesterEmail);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
