using Microsoft.Net.Http.Headers;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Node.Queries;

/// <summary>Asks other nodes. Thread-safe.</summary>
/// <param name="self">How this node is known to the others: it need not be asked.</param>
internal sealed class PeerClient(NodeName self, BearerSecret? secret, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 8 << 20;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = timeout,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>The other node's answer; null when it gave none in time, or does not own the customer.</summary>
    public async Task<CustomerAnswer?> TryAskAsync(
        string owner,
        CustomerId customer,
        CancellationToken cancellationToken
    )
    {
        if (owner == self.Value || NodeName.AddressIn(owner) is not { } node)
        {
            return null;
        }

        using var late = new CancellationTokenSource(timeout, time);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, QueryEndpoints.PeerAddress(node, customer));
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, secret.Header);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancelled.Token);
            int status = (int)response.StatusCode;
            return status is StatusCodes.Status200OK or StatusCodes.Status404NotFound
                ? new CustomerAnswer.Forwarded(status, await response.Content.ReadAsByteArrayAsync(cancelled.Token))
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
