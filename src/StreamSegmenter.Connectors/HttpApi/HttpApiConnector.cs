using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.HttpApi;

/// <summary>
/// Asks what its settings say. Whether a repetition is recognised depends on what the other side makes of
/// <c>{{push.id}}</c>.
/// </summary>
internal sealed class HttpApiConnector : IConnector, IDisposable
{
    private readonly HttpApiOptions _options;
    private readonly TemplateSet _templates;
    private readonly IReadOnlyList<TemplatePart> _parts;
    private readonly RequestTemplate _request;
    private readonly HttpMethod _method;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly HttpSender _sender;

    public HttpApiConnector(HttpApiOptions options, ConnectorServices services)
    {
        _options = options;
        _templates = services.Templates;
        _parts = options.Parts;
        _method = new HttpMethod(options.Method);
        _authorization = string.IsNullOrEmpty(options.Username)
            ? null
            : HttpLogin.Basic(options.Username, options.Password);
        _request =
            RequestTemplate.Compile(options, services.Templates, new OptionErrors(""))
            ?? throw new ArgumentException("The options were not checked.", nameof(options));
        var client = OutboundHttp.CreateClient(options, services.Resolve);
        _sender = new HttpSender(
            client,
            services.Time,
            options.Timeout,
            [.. options.HiddenParts, options.Password ?? default, new Secret(_authorization?.Parameter)]
        );
    }

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (!TryRenderMessage(payload, out var message, out refusal, cancellationToken))
            {
                return refusal;
            }

            using var data = RequestModel.Create(push.Id, payload.Root, message);
            if (!_request.TryRender(data.RootElement, out var request, out refusal, cancellationToken))
            {
                return refusal;
            }

            var call = new HttpCall(_method, request.Url)
            {
                Body = request.Body ?? ReadOnlyMemory<byte>.Empty,
                AddHeaders = headers => AddHeaders(headers, request),
            };
            var (answer, failure) = await _sender.SendAsync(call, cancellationToken);
            return failure ?? Classify(answer!);
        }
    }

    public void Dispose() => _sender.Dispose();

    private bool TryRenderMessage(
        PushPayload payload,
        [NotNullWhen(true)] out List<(TemplatePart, string)>? message,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        message = [];
        refusal = null;
        foreach (var part in _parts)
        {
            if (
                !_templates.TryChoose(payload, _options.Template, out var template, out refusal)
                || !template.TryRender(part, payload, out string? text, out refusal, cancellationToken)
            )
            {
                return false;
            }

            message.Add((part, text));
        }

        return true;
    }

    private void AddHeaders(HttpRequestHeaders headers, RenderedRequest request)
    {
        headers.Authorization = _authorization;
        foreach (var (name, value) in request.Headers)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private DeliveryResult Classify(HttpAnswer answer)
    {
        if (_options.Answers.FirstOrDefault(rule => rule.Fits(answer)) is { Means: { } outcome })
        {
            return outcome == DeliveryOutcome.Delivered ? DeliveryResult.Delivered : answer.As(outcome);
        }

        using var json = answer.TryParse();
        bool isStrange = answer.IsSuccess && json is null && answer.Body.Length > 0;
        return isStrange ? answer.As(DeliveryOutcome.Unknown)
            : IsPlaceOfThisPush(answer.Status) ? answer.As(DeliveryOutcome.Rejected)
            : answer.ByStatus();
    }

    // Where values choose what is asked for, that it is not there says nothing of what others choose.
    private bool IsPlaceOfThisPush(HttpStatusCode status) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.Gone && _options.HasValuesInUrl;
}
