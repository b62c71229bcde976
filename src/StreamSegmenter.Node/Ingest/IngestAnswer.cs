using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamSegmenter.Node.Ingest;

/// <summary>An event that went to the dead letters.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
internal readonly record struct RefusedEvent(int Index, string Reason, string Detail);

/// <summary>What the producer is told.</summary>
/// <param name="Error">A stable code; empty on success.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
/// <param name="RetryAfter">Set when the same request may succeed later.</param>
internal sealed record IngestAnswer(int Status, string Error, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>Refusals listed in an answer; all of them are in the dead letters.</summary>
    public const int MaxRefusedListed = 20;

    // Quotes stay quotes for whoever reads the answer in a terminal. It is JSON by its type, and never part of a page.
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public int Accepted { get; private init; }

    public int Refused { get; private init; }

    public IReadOnlyList<RefusedEvent> Listed { get; private init; } = [];

    /// <summary>All events are safe: the accepted ones in the log, the others in the dead letters.</summary>
    public static IngestAnswer Stored(int accepted, int refused, IReadOnlyList<RefusedEvent> listed) =>
        new(StatusCodes.Status200OK, "", "")
        {
            Accepted = accepted,
            Refused = refused,
            Listed = listed,
        };

    public static IngestAnswer BadRequest(string error, string message) =>
        new(StatusCodes.Status400BadRequest, error, message);

    public static IngestAnswer Unauthorized(string message) =>
        new(StatusCodes.Status401Unauthorized, "unauthorized", message);

    public static IngestAnswer TooLarge(string message) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-large", message);

    public static IngestAnswer Busy(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "busy", message, retryAfter);

    public static IngestAnswer Unavailable(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", message, retryAfter);

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"write key\", charset=\"UTF-8\"";
        }

        await using Utf8JsonWriter json = new(response.BodyWriter, Readable);
        Write(json);
        await json.FlushAsync();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success", Error.Length == 0);
        if (Error.Length > 0)
        {
            json.WriteString("error", Error);
            json.WriteString("message", Message);
        }
        else
        {
            json.WriteNumber("accepted", Accepted);
            json.WriteNumber("rejected", Refused);
        }

        if (Listed.Count > 0)
        {
            json.WriteStartArray("rejections");
            foreach (RefusedEvent refused in Listed)
            {
                json.WriteStartObject();
                json.WriteNumber("index", refused.Index);
                json.WriteString("reason", refused.Reason);
                json.WriteString("detail", refused.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
