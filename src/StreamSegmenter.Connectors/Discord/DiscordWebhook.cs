using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Discord;

/// <summary>A webhook of a Discord channel. Nobody is ever notified by what stands in a text.</summary>
internal sealed class DiscordWebhook(DiscordOptions options) : IChatSystem
{
    public const int MaxLength = 2_000;

    private readonly Uri _url = WithConfirmation(options.Url.Reveal());

    public bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        refusal = null;
        call = new(HttpMethod.Post, _url)
        {
            Body = JsonBody.Write(json =>
            {
                json.WriteString("content", message.Text);
                json.WriteOptional("username", options.Username);
                json.WriteStartObject("allowed_mentions");
                json.WriteStartArray("parse");
                json.WriteEndArray();
                json.WriteEndObject();
            }),
        };
        return true;
    }

    public DeliveryResult Classify(HttpAnswer answer, ChatMessage message)
    {
        using var json = answer.TryParse();
        if (answer.IsSuccess)
        {
            bool isMessage =
                answer.Status == HttpStatusCode.NoContent
                || (json?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out _));
            return isMessage ? DeliveryResult.Delivered : answer.As(DeliveryOutcome.Unknown);
        }

        // The body has the fraction of the second that the header has not.
        bool isLimit = answer.Status == HttpStatusCode.TooManyRequests;
        return isLimit && WaitOf(json) is { } wait
            ? DeliveryResult.Retry(answer.Detail, wait)
            : answer.ByStatusWithoutKey();
    }

    private static TimeSpan? WaitOf(JsonDocument? json) =>
        json?.RootElement is { ValueKind: JsonValueKind.Object } root
        && root.TryGetProperty("retry_after", out var seconds)
        && seconds.ValueKind == JsonValueKind.Number
            ? RetryAfter.Parse(seconds.GetRawText(), default)
            : null;

    // With wait=true Discord answers once the message is stored, and with the message.
    private static Uri WithConfirmation(string url) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{url}{(url.Contains('?') ? '&' : '?')}wait=true"));
}
