using System.Text.Json;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Consents;

/// <summary>
/// The addresses that nothing is sent to, at <c>/v1/suppressions</c>: GET lists those of a channel, PUT adds one,
/// DELETE removes one.
/// </summary>
/// <param name="channels">Those that an address may be added for.</param>
internal sealed class SuppressionEndpoints(
    ApiAnswers api,
    ISuppressionList list,
    IReadOnlyCollection<string> channels,
    TimeProvider time
)
{
    private const string Path = "/v1/suppressions";
    private const int PageLength = 1_000;
    private const int MaxAddressLength = 320;
    private const int MaxTextLength = 1_000;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        api.Map(endpoints, HttpMethods.Get, Path, ListAsync);
        api.Map(endpoints, HttpMethods.Put, Path, AddAsync);
        api.Map(endpoints, HttpMethods.Delete, Path, RemoveAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (http.Request.Query["channel"] is not [{ Length: > 0 } channel])
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status400BadRequest,
                $"name a channel: {Path}?channel=email; after=ADDRESS goes on behind an address"
            );
            return;
        }

        string after = http.Request.Query["after"] is [{ } last] ? last : "";
        var page = await list.ReadAsync(channel, after, PageLength + 1, http.RequestAborted);
        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("suppressions");
                foreach (SuppressedAddress address in page.Take(PageLength))
                {
                    Write(json, address);
                }

                json.WriteEndArray();
                json.WriteBoolean("more", page.Count > PageLength);
                json.WriteEndObject();
            }
        );
    }

    private async Task AddAsync(HttpContext http)
    {
        RequestFields body = await RequestFields.ReadAsync(http);
        string? channel = body.Text("channel", isNeeded: true);
        string? address = body.Text("address", isNeeded: true);
        string reason = body.Text("reason") ?? "";
        string source = body.Text("source") ?? "api";
        body.End();
        if ((body.Error ?? Mistake(channel, address, reason, source) ?? Unusable(channel!, address!)) is { } mistake)
        {
            await ApiAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        var suppression = Suppression.Of(channel!, address!);
        var added = new SuppressedAddress(suppression, Timestamp.From(time.GetUtcNow()), reason, source);
        bool isNew = await list.AddAsync([added], http.RequestAborted) > 0;
        await AnswerAsync(http, suppression, "added", isNew);
    }

    private async Task RemoveAsync(HttpContext http)
    {
        string? channel = http.Request.Query["channel"] is [{ } named] ? named : null;
        string? address = http.Request.Query["address"] is [{ } written] ? written : null;
        if (Mistake(channel, address, "", "") is { } mistake)
        {
            await ApiAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        var suppression = Suppression.Of(channel!, address!);
        bool wasThere = await list.RemoveAsync(suppression, http.RequestAborted);
        await AnswerAsync(http, suppression, "removed", wasThere);
    }

    private static string? Mistake(string? channel, string? address, params string[] texts) =>
        channel is null || !ConsentEvent.IsName(channel) ? "name a channel, such as email"
        : string.IsNullOrWhiteSpace(address) || address.Length > MaxAddressLength || address.Any(char.IsControl)
            ? $"name an address of at most {MaxAddressLength} characters"
        : texts.Any(static text => text.Length > MaxTextLength)
            ? $"reason and source have at most {MaxTextLength} characters"
        : null;

    // What would be on the list and keep nothing back. To be removed it needs no more than to be there.
    private string? Unusable(string channel, string address) =>
        !channels.Contains(channel, StringComparer.Ordinal)
            ? $"no connector has the channel {channel}; name one of {string.Join(", ", channels)}"
        : channel == Suppression.MailChannel && !IsMailAddress(address.Trim())
            ? $"{address} is no mail address; name one such as ann@example.com"
        : null;

    private static bool IsMailAddress(string address)
    {
        int at = address.LastIndexOf('@');
        return at > 0 && at < address.Length - 1 && !address.Any(char.IsWhiteSpace);
    }

    private static Task AnswerAsync(HttpContext http, Suppression suppression, string what, bool happened) =>
        ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("channel", suppression.Channel);
                json.WriteString("address", suppression.Address);
                json.WriteBoolean(what, happened);
                json.WriteEndObject();
            }
        );

    private static void Write(Utf8JsonWriter json, SuppressedAddress address)
    {
        json.WriteStartObject();
        json.WriteString("channel", address.Suppression.Channel);
        json.WriteString("address", address.Suppression.Address);
        json.WriteString("since", address.Since.ToString());
        json.WriteString("reason", address.Reason);
        json.WriteString("source", address.Source);
        json.WriteEndObject();
    }
}
