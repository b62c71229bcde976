using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Consents;

/// <summary>
/// <c>POST /v1/customers/consent</c> tells a consent, <c>GET /v1/customers/consent?id=ID</c> what holds and the
/// history.
/// </summary>
internal sealed class ConsentEndpoints(
    ApiAnswers api,
    ConsentLog log,
    IConsentReader consents,
    int maxIdLength,
    Func<string> messageIds,
    TimeSpan retryAfter
)
{
    private const string Path = "/v1/customers/consent";
    private const int UsualHistory = 100;
    private const int LongestHistory = 1_000;

    // Of source and policyVersion: what an event may hold, with room for the rest.
    private const int MaxTextLength = 1_000;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        api.Map(endpoints, HttpMethods.Get, Path, AnswerAsync);
        api.Map(endpoints, HttpMethods.Post, Path, TakeAsync);
    }

    private async Task TakeAsync(HttpContext http)
    {
        RequestFields body = await RequestFields.ReadAsync(http);
        string? id = body.Text("id", isNeeded: true);
        string? channel = body.Text(ConsentEvent.Channel, isNeeded: true);
        string? purpose = body.Text(ConsentEvent.Purpose);
        var told = new ToldConsent(
            new(id ?? "?"),
            channel ?? "",
            purpose is ConsentEvent.AnyPurpose ? null : purpose,
            body.Answer(ConsentEvent.Granted),
            ConsentSource.Api,
            body.Text(ConsentEvent.Source),
            body.Text(ConsentEvent.PolicyVersion),
            body.Time("at"),
            body.Text("messageId") ?? messageIds()
        );
        body.End();
        if ((body.Error ?? Mistake(told)) is { } mistake)
        {
            await ApiAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        switch (await log.AppendAsync(told))
        {
            case ConsentOutcome.Logged:
                await ApiAnswers.AnswerAsync(http, StatusCodes.Status200OK, json => WriteTaken(json, told));
                break;
            case ConsentOutcome.Busy:
                await RefuseForNowAsync(http, StatusCodes.Status429TooManyRequests, "the log is behind");
                break;
            default:
                await RefuseForNowAsync(http, StatusCodes.Status503ServiceUnavailable, "it could not be stored");
                break;
        }
    }

    private string? Mistake(ToldConsent told)
    {
        string[] ids = [told.Customer.Value, told.MessageId];
        string?[] texts = [told.Origin, told.PolicyVersion];
        return ids.Any(id => id.Length > maxIdLength || id.Contains('\0', StringComparison.Ordinal))
                ? $"an id has at most {maxIdLength} characters, and no U+0000"
            : !ConsentEvent.IsName(told.Channel) || (told.Purpose is not null && !ConsentEvent.IsName(told.Purpose))
                ? $"channel and purpose have 1 to {ConsentEvent.MaxNameLength} characters, and no control characters"
            : texts.Any(static text => text?.Length > MaxTextLength)
                ? $"source and policyVersion have at most {MaxTextLength} characters"
            : null;
    }

    private Task RefuseForNowAsync(HttpContext http, int status, string what)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        return ApiAnswers.RefuseAsync(http, status, $"{what}; tell it again, with the same messageId");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Query["id"] is not [{ Length: > 0 } id])
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status400BadRequest,
                $"name one customer: {Path}?id=ID, with ID percent-encoded"
            );
            return;
        }

        if (!TryReadMax(http, out int max))
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status400BadRequest,
                $"max, how much history to tell, is a number from 1 to {LongestHistory}"
            );
            return;
        }

        CustomerId customer = new(id);

        // In this order: what holds is not to lack anything that the history tells.
        IReadOnlyList<ConsentRecord> history = await consents.GetHistoryAsync(customer, max, http.RequestAborted);
        var current = await consents.GetCurrentAsync([customer], http.RequestAborted);
        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("customer", id);
                WriteCurrent(json, current.GetValueOrDefault(customer) ?? []);
                WriteHistory(json, history);
                json.WriteEndObject();
            }
        );
    }

    private static bool TryReadMax(HttpContext http, out int max)
    {
        max = UsualHistory;
        return http.Request.Query["max"] is not [{ } text]
            || (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out max)
                && max is >= 1 and <= LongestHistory
            );
    }

    private static void WriteTaken(Utf8JsonWriter json, ToldConsent told)
    {
        json.WriteStartObject();
        json.WriteString("customer", told.Customer.Value);
        json.WriteString("messageId", told.MessageId);
        json.WriteEndObject();
    }

    private static void WriteCurrent(Utf8JsonWriter json, IReadOnlyList<Consent> current)
    {
        json.WriteStartArray("current");
        foreach (Consent consent in current)
        {
            json.WriteStartObject();
            json.WriteString("channel", consent.Channel);
            json.WriteString("purpose", consent.Purpose);
            json.WriteBoolean("granted", consent.Granted);
            json.WriteString("at", consent.At.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHistory(Utf8JsonWriter json, IReadOnlyList<ConsentRecord> history)
    {
        json.WriteStartArray("history");
        foreach (ConsentStatement said in history.Select(static record => record.Statement))
        {
            json.WriteStartObject();
            json.WriteString("channel", said.Channel.Length == 0 ? ConsentEvent.AnyPurpose : said.Channel);
            json.WriteString("purpose", said.Purpose);
            json.WritePropertyName("granted");
            JsonSerializer.Serialize(json, said.Granted);
            json.WriteString("at", said.At.ToString());
            json.WriteString("loggedAt", said.LoggedAt.ToString());
            json.WriteString("via", said.Source.Word());
            json.WriteString("source", said.Origin);
            json.WriteString("policyVersion", said.PolicyVersion);
            json.WriteString("messageId", said.MessageId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
