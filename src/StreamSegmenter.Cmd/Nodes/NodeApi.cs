using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace StreamSegmenter.Cmd.Nodes;

/// <summary>Says why a node did not do what it was asked.</summary>
internal sealed class NodeApiException(string message) : Exception(message);

/// <summary>A client of one node's API.</summary>
internal sealed class NodeApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Uri _node;

    public NodeApi(Uri node, string? secret)
    {
        _node = node;
        _http = new() { Timeout = Patience };
        if (!string.IsNullOrEmpty(secret))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
    }

    /// <summary>The node's answer.</summary>
    /// <exception cref="NodeApiException">It refused, or could not be reached.</exception>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, byte[]? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(_node, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, stop);
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new NodeApiException(OtherAnswer);
            }

            return answer.StatusCode == HttpStatusCode.OK
                ? json.RootElement.Clone()
                : throw new NodeApiException(
                    json.RootElement.TryGetProperty("error", out JsonElement error)
                        ? $"{_node} says: {error}"
                        : $"{_node} answered {(int)answer.StatusCode}"
                );
        }
        catch (JsonException)
        {
            throw new NodeApiException($"{_node} did not answer in JSON: name the address of a node's api.listen");
        }
        catch (HttpRequestException e)
        {
            throw new NodeApiException($"{_node} cannot be reached: {e.Message}");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new NodeApiException($"{_node} did not answer within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>What to say where an answer is not the one that the question has.</summary>
    public string OtherAnswer => $"{_node} answered something else: name the address of a node's api.listen";

    public void Dispose() => _http.Dispose();
}
