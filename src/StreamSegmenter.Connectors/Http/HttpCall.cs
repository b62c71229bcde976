using System.Net.Http.Headers;

namespace StreamSegmenter.Connectors.Http;

/// <summary>One request.</summary>
internal sealed record HttpCall(HttpMethod Method, Uri Url)
{
    /// <summary>Null for a request without one, which cannot have had an effect if no answer comes.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public Action<HttpRequestHeaders>? AddHeaders { get; init; }

    /// <summary>Bytes of the answer that are read.</summary>
    public int MaxAnswerLength { get; init; } = HttpSender.MaxBodyLength;
}
