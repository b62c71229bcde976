using System.Net;
using System.Text.Json;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Freshdesk;

/// <summary>
/// Freshdesk's tickets. Thread and marks are tags. There is no idempotency key, and the search runs some minutes
/// behind: a repetition before that may make a second ticket.
/// </summary>
internal sealed class FreshdeskTickets(HelpdeskCalls calls) : IHelpdesk
{
    private const int Open = 2;
    private const int Resolved = 4;

    public HttpCall Find(Ticket ticket) =>
        calls.Get($"api/v2/search/tickets?query={Uri.EscapeDataString($"\"tag:'{ticket.Thread}'\"")}");

    public IEnumerable<FoundTicket> Read(JsonElement answer, Ticket ticket) =>
        answer
            .GetProperty("results")
            .EnumerateArray()
            .OrderByDescending(found => found.GetProperty("id").GetInt64())
            .Select(found => Describe(found, ticket));

    public HttpCall Create(Ticket ticket) =>
        calls.Send(
            HttpMethod.Post,
            "api/v2/tickets",
            json =>
            {
                json.WriteOptional("name", ticket.RequesterName);
                json.WriteString(
                    ticket.RequesterEmail is null ? "unique_external_id" : "email",
                    ticket.RequesterEmail ?? ticket.Customer
                );
                json.WriteString("subject", ticket.Subject);
                json.WriteString("description", Html(ticket.Text));
                json.WriteNumber("status", Open);
                json.WriteNumber("priority", Number(ticket.Priority ?? "normal"));
                HelpdeskCalls.WriteTexts(json, "tags", ticket.TagsWith([ticket.Thread]));
            }
        );

    public IReadOnlyList<HttpCall> Update(Ticket ticket, FoundTicket found) =>
        [
            calls.Send(
                HttpMethod.Post,
                $"api/v2/tickets/{found.Id}/notes",
                json =>
                {
                    json.WriteString("body", Html(ticket.Text));
                    json.WriteBoolean("private", !ticket.IsPublic);
                }
            ),
            calls.Send(
                HttpMethod.Put,
                $"api/v2/tickets/{found.Id}",
                json =>
                {
                    if (ticket.Priority is not null)
                    {
                        json.WriteNumber("priority", Number(ticket.Priority));
                    }

                    HelpdeskCalls.WriteTexts(json, "tags", ticket.TagsWith(found.Tags));
                }
            ),
        ];

    public DeliveryResult Classify(HttpAnswer answer) => HelpdeskCalls.Classify(answer, hasKey: false);

    private static FoundTicket Describe(JsonElement found, Ticket ticket)
    {
        string[] tags = [.. found.GetProperty("tags").EnumerateArray().Select(JsonText.Of)];
        return new FoundTicket(
            found.GetProperty("id").GetRawText(),
            found.GetProperty("status").GetInt32() is not (Resolved or (Resolved + 1)),
            tags.Contains(ticket.Mark, StringComparer.Ordinal),
            tags
        );
    }

    private static string Html(string text) => $"<div>{WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>")}</div>";

    private static int Number(string priority) =>
        priority switch
        {
            "low" => 1,
            "normal" => 2,
            "high" => 3,
            _ => 4,
        };
}
