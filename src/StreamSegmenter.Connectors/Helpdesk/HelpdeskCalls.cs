using System.Net.Http.Headers;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Helpdesk;

/// <summary>The requests of one helpdesk, all with the same login.</summary>
internal sealed class HelpdeskCalls(HelpdeskOptions options, AuthenticationHeaderValue login)
{
    private const int MaxListLength = 1024 * 1024;

    public HttpCall Get(string path) =>
        new(HttpMethod.Get, options.Below(path)) { AddHeaders = AddHeaders, MaxAnswerLength = MaxListLength };

    /// <param name="key">An idempotency key, for helpdesks that know one.</param>
    public HttpCall Send(HttpMethod method, string path, Action<Utf8JsonWriter> writeMembers, string? key = null) =>
        new(method, options.Below(path))
        {
            Body = JsonBody.Write(writeMembers),
            AddHeaders = headers =>
            {
                AddHeaders(headers);
                if (key is not null)
                {
                    headers.Add("Idempotency-Key", key);
                }
            },
        };

    /// <summary>A success is one only if it is JSON: a login page or a captive portal says 200 as well.</summary>
    public static DeliveryResult Classify(HttpAnswer answer, bool hasKey)
    {
        using var json = answer.TryParse();
        bool isJson = json is not null || answer.Body.TrimStart() is ['{', ..];
        return answer.IsSuccess && !isJson ? answer.As(DeliveryOutcome.Unknown)
            : answer.IsSuccess ? DeliveryResult.Delivered
            : hasKey ? answer.ByStatus()
            : answer.ByStatusWithoutKey();
    }

    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private void AddHeaders(HttpRequestHeaders headers)
    {
        headers.Authorization = login;
        headers.Accept.ParseAdd("application/json");
    }
}
