using System.Net;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>What Zendesk's answers mean.</summary>
internal static class ZendeskAnswers
{
    // Zendesk remembers keys for two hours. A key with another body means that an earlier attempt was taken, and that
    // the template or the connector's settings were changed in between.
    private const string KeyWithOtherBody = "IdempotentRequestError";

    public static DeliveryResult Classify(HttpAnswer answer) =>
        answer.Status == HttpStatusCode.BadRequest && answer.Body.Contains(KeyWithOtherBody, StringComparison.Ordinal)
            ? DeliveryResult.Rejected(
                $"An earlier attempt was taken with other content, see the ticket by its external_id. {answer.Detail}"
            )
            : HelpdeskCalls.Classify(answer, hasKey: true);
}
