using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// What the answers of Slack's Web API mean: status 200 with <c>ok</c>, and a word in <c>error</c> where that is false.
/// Words that are not here refuse the message.
/// </summary>
internal static class SlackApiAnswers
{
    private static readonly FrozenSet<string> ChannelErrors = Words("channel_not_found not_in_channel is_archived");

    private static readonly FrozenSet<string> SettingsErrors = Words(
        """
        access_denied account_inactive as_user_not_supported ekm_access_denied enterprise_is_restricted invalid_auth
        is_inactive messages_tab_disabled method_deprecated missing_scope no_permission not_allowed_token_type
        not_authed org_login_required restricted_action restricted_action_non_threadable_channel
        restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
        team_access_not_granted team_not_found token_expired token_revoked two_factor_setup_required
        """
    );

    // The limit that is met in practice is of one message a second and channel. Slack's answer does not tell it from
    // the workspace's, which then meets each channel by itself.
    private static readonly FrozenSet<string> ChannelLimits = Words("rate_limited ratelimited");

    private static readonly FrozenSet<string> Passing = Words("accesslimited message_limit_exceeded team_added_to_org");

    // Slack says of these that parts may have succeeded.
    private static readonly FrozenSet<string> Unclear = Words(
        "fatal_error internal_error request_timeout service_unavailable"
    );

    /// <summary>If the push named the channel itself, a wrong one is its own fault and not the connector's.</summary>
    public static DeliveryResult Classify(HttpAnswer answer, bool channelOfPush)
    {
        using var json = answer.TryParse();
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("ok", out var ok))
        {
            return answer.IsSuccess ? answer.As(DeliveryOutcome.Unknown) : answer.ByStatusWithoutKey();
        }

        if (answer.Status == HttpStatusCode.TooManyRequests)
        {
            return DeliveryResult.Deferred(answer.Detail, answer.RetryAfter);
        }

        if (ok.ValueKind == JsonValueKind.True)
        {
            return answer.IsSuccess ? DeliveryResult.Delivered : answer.ByStatusWithoutKey();
        }

        bool hasWord = root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String;
        string word = hasWord ? JsonText.Of(error) : "";
        return ChannelLimits.Contains(word)
            ? DeliveryResult.Deferred(answer.Detail, answer.RetryAfter)
            : answer.As(Classify(word, channelOfPush));
    }

    private static DeliveryOutcome Classify(string word, bool channelOfPush) =>
        Passing.Contains(word) ? DeliveryOutcome.Retry
        : Unclear.Contains(word) ? DeliveryOutcome.Unknown
        : SettingsErrors.Contains(word) || (ChannelErrors.Contains(word) && !channelOfPush)
            ? DeliveryOutcome.Misconfigured
        : DeliveryOutcome.Rejected;

    private static FrozenSet<string> Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
