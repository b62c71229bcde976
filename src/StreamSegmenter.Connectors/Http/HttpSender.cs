using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Http;

/// <summary>Sends a request once and tells what came of it. Thread-safe; owns the client.</summary>
/// <param name="secrets">Taken out of whatever is reported.</param>
internal sealed class HttpSender(HttpClient client, TimeProvider time, TimeSpan timeout, params Secret[] secrets)
    : IDisposable
{
    /// <summary>Bytes of an answer that are read, unless a call says otherwise.</summary>
    public const int MaxBodyLength = 16 * 1024;

    private const int MaxDetailLength = 300;
    private const string UserAgent = "StreamSegmenter";

    private readonly HiddenWords _hidden = new(secrets);

    /// <summary>Posts JSON. Returns the answer, or what the failure to get one means.</summary>
    public ValueTask<(HttpAnswer? Answer, DeliveryResult? Failure)> PostAsync(
        Uri url,
        ReadOnlyMemory<byte> body,
        Action<HttpRequestHeaders>? addHeaders,
        CancellationToken cancellationToken
    ) => SendAsync(new(HttpMethod.Post, url) { Body = body, AddHeaders = addHeaders }, cancellationToken);

    /// <summary>Returns the answer, or what the failure to get one means.</summary>
    public async ValueTask<(HttpAnswer? Answer, DeliveryResult? Failure)> SendAsync(
        HttpCall call,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var content = call.Body is { } body ? new TrackedContent(body, call.MediaType) : null;
        using var request = new HttpRequestMessage(call.Method, call.Url) { Content = content };
        request.Headers.UserAgent.ParseAdd(UserAgent);
        call.AddHeaders?.Invoke(request.Headers);
        try
        {
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            string? text = await ReadBodyAsync(response, call.MaxAnswerLength, either.Token);
            return text is null && response.IsSuccessStatusCode
                ? (null, NoAnswer(content is { Started: true }, "the answer broke off"))
                : (Describe(response, text ?? ""), null);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return (null, NoAnswer(content is { Started: true }, "no answer in time"));
        }
        catch (HttpRequestException exception)
        {
            return (null, Classify(exception, content is { Started: true }));
        }
        catch (Exception exception)
        {
            return (null, NoAnswer(content is { Started: true }, Show(exception.Message)));
        }
    }

    public void Dispose() => client.Dispose();

    private static DeliveryResult NoAnswer(bool started, string reason) =>
        started ? DeliveryResult.Unknown($"Sent, then: {reason}.") : DeliveryResult.Retry($"Not sent: {reason}.");

    private DeliveryResult Classify(HttpRequestException exception, bool started)
    {
        string reason = Show(exception.InnerException?.Message is { Length: > 0 } inner ? inner : exception.Message);
        bool isTrust = exception.InnerException is AuthenticationException or BlockedAddressException;
        return isTrust && !started
            ? DeliveryResult.Misconfigured($"Not sent: {reason.TrimEnd('.')}.")
            : NoAnswer(started, reason.TrimEnd('.'));
    }

    /// <summary>
    /// Null for a body that breaks off. Of a refusal the status has said what matters; a success may be one by its body
    /// alone.
    /// </summary>
    private static async Task<string?> ReadBodyAsync(
        HttpResponseMessage response,
        int maxLength,
        CancellationToken cancellationToken
    )
    {
        byte[] buffer = new byte[maxLength];
        int length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    // What goes wrong with an answer may quote it.
    private string Show(string said) => SingleLine.Cut(SingleLine.Of(_hidden.Hide(said)), MaxDetailLength);

    private HttpAnswer Describe(HttpResponseMessage response, string body)
    {
        string shown = Show(body);
        int status = (int)response.StatusCode;
        var wait = RetryAfter.Read(response.Headers, time.GetUtcNow());
        return new(response.StatusCode, body, wait, shown.Length > 0 ? $"HTTP {status}: {shown}" : $"HTTP {status}");
    }
}
