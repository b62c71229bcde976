using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.HttpApi;

/// <summary>A request as it is for one push.</summary>
internal sealed record RenderedRequest(
    Uri Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    ReadOnlyMemory<byte>? Body
);

/// <summary>The compiled address, headers and body. Thread-safe.</summary>
internal sealed class RequestTemplate
{
    private readonly CompiledPart _url;
    private readonly IReadOnlyList<(string Name, CompiledPart Value)> _headers;
    private readonly CompiledPart? _body;

    private RequestTemplate(
        CompiledPart url,
        IReadOnlyList<(string Name, CompiledPart Value)> headers,
        CompiledPart? body
    )
    {
        _url = url;
        _headers = headers;
        _body = body;
    }

    /// <summary>Adds what is wrong with the sources; null then.</summary>
    public static RequestTemplate? Compile(HttpApiOptions options, TemplateSet templates, OptionErrors errors)
    {
        int before = errors.All.Count;
        var url = templates.Compile(TemplatePart.Url, options.Url.Reveal(), nameof(options.Url), errors);
        var body =
            options.Body.Length > 0
                ? templates.Compile(TemplatePart.Json, options.Body, nameof(options.Body), errors)
                : null;
        var headers = new List<(string, CompiledPart)>();
        foreach (var (name, value) in options.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            if (templates.Compile(TemplatePart.Header, value.Reveal(), nameof(options.Headers), errors) is { } compiled)
            {
                headers.Add((name, compiled));
            }
        }

        return errors.All.Count == before ? new RequestTemplate(url!, headers, body) : null;
    }

    /// <summary>Whether it names what a push carries besides itself.</summary>
    public bool NamesDigest =>
        _url.NamesDigest || _body is { NamesDigest: true } || _headers.Any(static header => header.Value.NamesDigest);

    /// <summary>The same data give the same request, always.</summary>
    public bool TryRender(
        JsonElement data,
        [NotNullWhen(true)] out RenderedRequest? request,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        request = null;
        if (!TryRenderUrl(data, out var url, out refusal, cancellationToken))
        {
            return false;
        }

        var headers = new List<(string, string)>(_headers.Count);
        foreach (var (name, part) in _headers)
        {
            if (!part.TryRender($"Header {name}", data, out string? value, out refusal, cancellationToken))
            {
                return false;
            }

            headers.Add((name, value));
        }

        if (!TryRenderBody(data, out var body, out refusal, cancellationToken))
        {
            return false;
        }

        request = new RenderedRequest(url, headers, body);
        return true;
    }

    private bool TryRenderUrl(
        JsonElement data,
        [NotNullWhen(true)] out Uri? url,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        url = null;
        if (!_url.TryRender("The url", data, out string? text, out refusal, cancellationToken))
        {
            return false;
        }

        // Dots cannot be escaped in a path: as a whole segment they would lead to another place of the host.
        string path = text.Split('?', '#')[0];
        bool isRight = !path.Split('/').Any(segment => segment is "." or "..") && Uri.TryCreate(text, new(), out url);
        refusal = isRight ? null : DeliveryResult.Unsendable("The push's values make no proper url.");
        return isRight;
    }

    private bool TryRenderBody(
        JsonElement data,
        out ReadOnlyMemory<byte>? body,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        body = null;
        refusal = null;
        if (_body is null)
        {
            return true;
        }

        if (!_body.TryRender("The body", data, out string? text, out refusal, cancellationToken))
        {
            return false;
        }

        try
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            using var json = JsonDocument.Parse(bytes);
            body = bytes;
            return true;
        }
        catch (JsonException exception)
        {
            refusal = DeliveryResult.Unsendable($"The body is not JSON for this push: {exception.Message}");
            return false;
        }
    }
}
