using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// What the answers of incoming webhooks mean. Errors are bare words in the body, whatever the status.
/// </summary>
internal static class SlackAnswers
{
    private static readonly FrozenDictionary<string, DeliveryOutcome> Words = new Dictionary<string, DeliveryOutcome>(
        StringComparer.Ordinal
    )
    {
        ["ok"] = DeliveryOutcome.Delivered,
        ["invalid_payload"] = DeliveryOutcome.Rejected,
        ["no_text"] = DeliveryOutcome.Rejected,
        ["too_many_attachments"] = DeliveryOutcome.Rejected,
        ["msg_too_long"] = DeliveryOutcome.Rejected,
        ["user_not_found"] = DeliveryOutcome.Rejected,
        ["action_prohibited"] = DeliveryOutcome.Misconfigured,
        ["posting_to_general_channel_denied"] = DeliveryOutcome.Misconfigured,
        ["invalid_token"] = DeliveryOutcome.Misconfigured,
        ["no_active_hooks"] = DeliveryOutcome.Misconfigured,
        ["no_service"] = DeliveryOutcome.Misconfigured,
        ["no_service_id"] = DeliveryOutcome.Misconfigured,
        ["no_team"] = DeliveryOutcome.Misconfigured,
        ["team_disabled"] = DeliveryOutcome.Misconfigured,
        ["channel_not_found"] = DeliveryOutcome.Misconfigured,
        ["channel_is_archived"] = DeliveryOutcome.Misconfigured,
        ["rate_limited"] = DeliveryOutcome.Retry,
        ["ratelimited"] = DeliveryOutcome.Retry,
        ["rollup_error"] = DeliveryOutcome.Retry,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>If the push named the channel itself, a wrong one is its own fault and not the connector's.</summary>
    public static DeliveryResult Classify(HttpAnswer answer, bool channelOfPush)
    {
        string word = answer.Body.Trim();
        if (answer.Status == HttpStatusCode.TooManyRequests)
        {
            return answer.As(DeliveryOutcome.Retry);
        }

        if (channelOfPush && word is "channel_not_found" or "channel_is_archived")
        {
            return answer.As(DeliveryOutcome.Rejected);
        }

        if (Words.TryGetValue(word, out var outcome) && (answer.IsSuccess || outcome != DeliveryOutcome.Delivered))
        {
            return outcome == DeliveryOutcome.Delivered ? DeliveryResult.Delivered : answer.As(outcome);
        }

        return answer.IsSuccess ? ClassifySuccess(answer) : answer.ByStatusWithoutKey();
    }

    // Rocket.Chat answers with JSON. Anything else with a success status came from something that is no such webhook.
    private static DeliveryResult ClassifySuccess(HttpAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            var root = json.RootElement;
            bool says =
                root.ValueKind == JsonValueKind.Object
                && (root.TryGetProperty("success", out var verdict) || root.TryGetProperty("ok", out verdict))
                && verdict.ValueKind is JsonValueKind.True or JsonValueKind.False;
            if (says)
            {
                return IsTrue(root) ? DeliveryResult.Delivered : answer.As(DeliveryOutcome.Rejected);
            }
        }
        catch (JsonException)
        {
            // Neither the one nor the other.
        }

        return answer.As(DeliveryOutcome.Unknown);
    }

    private static bool IsTrue(JsonElement root) =>
        (root.TryGetProperty("success", out var verdict) || root.TryGetProperty("ok", out verdict))
        && verdict.ValueKind == JsonValueKind.True;
}
