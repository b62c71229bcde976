using System.Net;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Examples;

/// <summary>Posts pushes to a topic of ntfy, which shows them on phones.</summary>
public sealed class NtfyConnector(HttpClient client, Uri topic) : IConnector
{
    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        using var content = JsonDocument.Parse(push.Content);
        string segment = content.RootElement.GetProperty(PushContent.Segment).GetProperty("name").ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, topic)
        {
            Content = new StringContent($"{push.Customer} is in {segment}"),
        };
        request.Headers.Add("X-Id", push.Id.Value); // the same at every attempt
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            string detail = $"HTTP {(int)response.StatusCode}";
            return response.StatusCode switch
            {
                HttpStatusCode.OK => DeliveryResult.Delivered,
                HttpStatusCode.TooManyRequests => DeliveryResult.Retry(detail, response.Headers.RetryAfter?.Delta),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => DeliveryResult.Misconfigured(detail),
                >= HttpStatusCode.InternalServerError => DeliveryResult.Unknown(detail),
                _ => DeliveryResult.Rejected(detail),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return DeliveryResult.Unknown(exception.Message); // it may have arrived before the connection ended
        }
    }
}
