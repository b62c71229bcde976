using System.Text.Json;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.RequestTracker;

/// <summary>
/// Tickets of Request Tracker's REST2. One custom field holds the thread and the mark of the latest push. There is no
/// idempotency key, but its search is never behind.
/// </summary>
internal sealed class RequestTrackerTickets(RequestTrackerOptions options, HelpdeskCalls calls) : IHelpdesk
{
    private const string Base = "REST/2.0";

    public HttpCall Find(Ticket ticket)
    {
        string query =
            $"Queue = '{options.Queue}' AND CF.{{{options.ExternalIdField}}} LIKE '{ticket.Thread}' "
            + "AND (Status = '__Active__' OR Status = '__Inactive__')";
        string search = $"{Base}/tickets?query={Uri.EscapeDataString(query)}";
        return calls.Get($"{search}&fields=Status,CustomFields&orderby=id&order=DESC&per_page=20");
    }

    public IEnumerable<FoundTicket> Read(JsonElement answer, Ticket ticket) =>
        answer.GetProperty("items").EnumerateArray().Select(found => Describe(found, ticket));

    public HttpCall Create(Ticket ticket) =>
        calls.Send(
            HttpMethod.Post,
            $"{Base}/ticket",
            json =>
            {
                json.WriteString("Queue", options.Queue);
                json.WriteString("Subject", ticket.Subject);
                json.WriteOptional("Requestor", ticket.RequesterEmail);
                WriteContent(json, ticket);
                WritePriority(json, ticket);
                WriteFields(json, ticket);
            }
        );

    // The mark goes with the text, so that no loss of a connection comes between them. The priority, which may be set
    // twice, goes before.
    public IReadOnlyList<HttpCall> Update(Ticket ticket, FoundTicket found)
    {
        string path = $"{Base}/ticket/{found.Id}";
        var addition = calls.Send(
            HttpMethod.Post,
            $"{path}/{(ticket.IsPublic ? "correspond" : "comment")}",
            json =>
            {
                WriteContent(json, ticket);
                WriteFields(json, ticket);
            }
        );
        return ticket.Priority is null
            ? [addition]
            : [calls.Send(HttpMethod.Put, path, json => WritePriority(json, ticket)), addition];
    }

    public DeliveryResult Classify(HttpAnswer answer) => HelpdeskCalls.Classify(answer, hasKey: false);

    private FoundTicket Describe(JsonElement found, Ticket ticket)
    {
        var values = found
            .GetProperty("CustomFields")
            .EnumerateArray()
            .Where(field => JsonText.Of(field.GetProperty("name")) == options.ExternalIdField)
            .SelectMany(field => field.GetProperty("values").EnumerateArray())
            .Select(JsonText.Of);
        var id = found.GetProperty("id");
        return new FoundTicket(
            id.ValueKind == JsonValueKind.Number ? id.GetRawText() : Uri.EscapeDataString(JsonText.Of(id)),
            JsonText.Of(found.GetProperty("Status")) is not ("resolved" or "rejected" or "deleted"),
            values.Contains(FieldOf(ticket), StringComparer.Ordinal),
            []
        );
    }

    private static void WriteContent(Utf8JsonWriter json, Ticket ticket)
    {
        json.WriteString("Content", ticket.Text);
        json.WriteString("ContentType", "text/plain");
    }

    private static void WritePriority(Utf8JsonWriter json, Ticket ticket)
    {
        if (ticket.Priority is not null)
        {
            json.WriteNumber("Priority", Number(ticket.Priority));
        }
    }

    private void WriteFields(Utf8JsonWriter json, Ticket ticket)
    {
        json.WriteStartObject("CustomFields");
        json.WriteString(options.ExternalIdField, FieldOf(ticket));
        if (ticket.Tags.Count > 0)
        {
            HelpdeskCalls.WriteTexts(json, options.TagsField!, ticket.Tags);
        }

        json.WriteEndObject();
    }

    private static string FieldOf(Ticket ticket) => $"{ticket.Thread} {ticket.Mark}";

    private static int Number(string priority) =>
        priority switch
        {
            "low" => 0,
            "normal" => 50,
            "high" => 75,
            _ => 100,
        };
}
