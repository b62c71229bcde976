using System.Net;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Http;

/// <summary>What a server said.</summary>
/// <param name="Body">The beginning of the body, at most <see cref="HttpSender.MaxBodyLength"/> bytes of it.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter, string Detail)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body if it is JSON, in pooled memory that is the caller's to dispose.</summary>
    public JsonDocument? TryParse()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a body denies what the status says, as things in front of a server do that answer 200 to everything:
    /// <c>{"ok":false}</c>, <c>{"status":429}</c>, <c>{"errors":[...]}</c>.
    /// </summary>
    public static bool Denies(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Any(static member => Denies(member));

    private static bool Denies(JsonProperty member) =>
        (member.Name, member.Value.ValueKind) switch
        {
            ("ok" or "success", JsonValueKind.False) => true,
            ("status" or "code", JsonValueKind.Number) => member.Value.TryGetInt32(out int code) && code >= 400,
            ("error", JsonValueKind.String or JsonValueKind.Object or JsonValueKind.True) => true,
            ("errors", JsonValueKind.Array) => member.Value.GetArrayLength() > 0,
            _ => false,
        };

    /// <summary>What a status means where the outside system gives it no meaning of its own.</summary>
    public DeliveryResult ByStatus() => As(Classify((int)Status));

    /// <summary>
    /// The same for a system without an idempotency key, where it is worth knowing that a server which broke may have
    /// taken the push before.
    /// </summary>
    public DeliveryResult ByStatusWithoutKey() =>
        (int)Status is 500 or 502 or 504 ? As(DeliveryOutcome.Unknown) : ByStatus();

    public DeliveryResult As(DeliveryOutcome outcome) =>
        outcome != DeliveryOutcome.Retry ? new(outcome, Detail)
        : IsAboutThisRequest ? DeliveryResult.Deferred(Detail, RetryAfter)
        : DeliveryResult.Retry(Detail, RetryAfter);

    // 401 and 407 refuse the login that all requests share, who answers 408 or 429 has no time for anybody, and 5xx is
    // the server's own trouble. With another 4xx the server has judged this request: 409 is about what it changes.
    private bool IsAboutThisRequest => (int)Status is >= 400 and < 500 and not (401 or 407 or 408 or 429);

    private static DeliveryOutcome Classify(int status) =>
        status switch
        {
            >= 200 and < 300 => DeliveryOutcome.Delivered,
            408 or 409 or 425 or 429 => DeliveryOutcome.Retry,
            >= 500 and not (501 or 505) => DeliveryOutcome.Retry,
            501 or 505 => DeliveryOutcome.Misconfigured,
            401 or 402 or 403 or 404 or 405 or 407 => DeliveryOutcome.Misconfigured,
            >= 400 => DeliveryOutcome.Rejected,
            _ => DeliveryOutcome.Misconfigured, // a redirect, which is not followed
        };
}
