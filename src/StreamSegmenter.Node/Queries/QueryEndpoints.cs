using Microsoft.AspNetCore.Http.Extensions;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Queries;

/// <summary>
/// <c>GET /v1/customers?id=ID</c>: a customer's segments and traits, on whichever node it is asked.
/// <c>GET /v1/segments</c>: how many members each segment has.
/// </summary>
internal sealed class QueryEndpoints(CustomerQueries queries, IMembershipReader memberships, ApiAnswers api)
{
    private const string CustomersPath = "/v1/customers";

    // A node that was asked by another does not ask a third.
    private const string OnlyHere = "here";

    /// <summary>Where to ask a node for what it knows itself.</summary>
    public static Uri PeerAddress(Uri node, CustomerId customer)
    {
        var query = new QueryBuilder { { "id", customer.Value }, { OnlyHere, "true" } };
        return new(node, CustomersPath + query.ToQueryString());
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        api.Map(endpoints, HttpMethods.Get, CustomersPath, AnswerCustomerAsync);
        api.Map(endpoints, HttpMethods.Get, "/v1/segments", AnswerSegmentsAsync);
    }

    private async Task AnswerCustomerAsync(HttpContext http)
    {
        if (http.Request.Query["id"] is not [{ Length: > 0 } id])
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status400BadRequest,
                $"name one customer: {CustomersPath}?id=ID, with ID percent-encoded"
            );
            return;
        }

        var customer = new CustomerId(id);
        CustomerAnswer? answer = http.Request.Query.ContainsKey(OnlyHere)
            ? await queries.FindHereAsync(customer, http.RequestAborted)
            : await queries.FindAsync(customer, http.RequestAborted);
        if (answer is null)
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status421MisdirectedRequest,
                "this node does not own the customer"
            );
            return;
        }

        await ApiAnswers.AnswerAsync(http, answer.StatusCode, json => answer.WriteTo(json, customer));
    }

    private async Task AnswerSegmentsAsync(HttpContext http)
    {
        IReadOnlyDictionary<SegmentName, long> counts = await memberships.CountMembersAsync(http.RequestAborted);
        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("segments");
                foreach ((SegmentName name, long members) in counts.OrderBy(static count => count.Key))
                {
                    json.WriteStartObject();
                    json.WriteString("name", name.Value);
                    json.WriteNumber("members", members);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }
}
