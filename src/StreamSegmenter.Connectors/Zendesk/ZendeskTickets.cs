using System.Text.Json;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>
/// Zendesk's tickets. The thread is the ticket's <c>external_id</c>, marks are tags, and the push's id is the
/// idempotency key of a creation, which Zendesk honours for two hours.
/// </summary>
internal sealed class ZendeskTickets(HelpdeskCalls calls) : IHelpdesk
{
    public HttpCall Find(Ticket ticket) => calls.Get($"api/v2/tickets?external_id={ticket.Thread}");

    public IEnumerable<FoundTicket> Read(JsonElement answer, Ticket ticket) =>
        answer.GetProperty("tickets").EnumerateArray().Reverse().Select(found => Describe(found, ticket));

    public HttpCall Create(Ticket ticket) =>
        calls.Send(
            HttpMethod.Post,
            "api/v2/tickets",
            json =>
            {
                json.WriteStartObject("ticket");
                json.WriteString("subject", ticket.Subject);
                WriteComment(json, ticket);
                json.WriteOptional("priority", ticket.Priority);
                HelpdeskCalls.WriteTexts(json, "tags", ticket.TagsWith([]));
                json.WriteString("external_id", ticket.Thread);
                if (ticket.RequesterEmail is not null)
                {
                    json.WriteStartObject("requester");
                    json.WriteString("name", ticket.RequesterName ?? ticket.RequesterEmail);
                    json.WriteString("email", ticket.RequesterEmail);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            },
            key: ticket.Id.Value
        );

    // The stamp makes Zendesk refuse, with 409, what would undo a change in between; tags are replaced as a whole.
    public IReadOnlyList<HttpCall> Update(Ticket ticket, FoundTicket found) =>
        [
            calls.Send(
                HttpMethod.Put,
                $"api/v2/tickets/{found.Id}",
                json =>
                {
                    json.WriteStartObject("ticket");
                    WriteComment(json, ticket);
                    json.WriteOptional("priority", ticket.Priority);
                    HelpdeskCalls.WriteTexts(json, "tags", ticket.TagsWith(found.Tags));
                    if (found.Version is not null)
                    {
                        json.WriteBoolean("safe_update", true);
                        json.WriteString("updated_stamp", found.Version);
                    }

                    json.WriteEndObject();
                }
            ),
        ];

    public DeliveryResult Classify(HttpAnswer answer) => ZendeskAnswers.Classify(answer);

    private static FoundTicket Describe(JsonElement found, Ticket ticket)
    {
        string[] tags = found.TryGetProperty("tags", out var list)
            ? [.. list.EnumerateArray().Select(JsonText.Of)]
            : [];
        string? stamp = found.TryGetProperty("updated_at", out var at) ? JsonText.Of(at) : null;
        return new FoundTicket(
            found.GetProperty("id").GetRawText(),
            JsonText.Of(found.GetProperty("status")) is not ("solved" or "closed"),
            tags.Contains(ticket.Mark, StringComparer.Ordinal),
            tags,
            stamp
        );
    }

    private static void WriteComment(Utf8JsonWriter json, Ticket ticket)
    {
        json.WriteStartObject("comment");
        json.WriteString("body", ticket.Text);
        json.WriteBoolean("public", ticket.IsPublic);
        json.WriteEndObject();
    }
}
