using System.Net.Http.Headers;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>
/// Creates a ticket per push. The push's id is the idempotency key, which Zendesk honours for two hours, and the
/// ticket's
/// <c>external_id</c>, by which it is found later.
/// </summary>
internal sealed class ZendeskConnector : IConnector, IDisposable
{
    private const int MaxSubjectLength = 255;
    private const int MaxTextLength = 60_000; // Zendesk takes 64 KiB

    private readonly ZendeskOptions _options;
    private readonly TemplateSet _templates;
    private readonly HttpSender _sender;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly Uri _url;

    public ZendeskConnector(ZendeskOptions options, ConnectorServices services)
    {
        _options = options;
        _templates = services.Templates;
        _url = new Uri($"{options.Url.Reveal().TrimEnd('/')}/api/v2/tickets");
        _authorization = Authorization(options);
        var client = OutboundHttp.CreateClient(services.Resolve, allowPrivateAddresses: true, options.MaxConnections);
        var secret = new Secret(_authorization.Parameter);
        _sender = new HttpSender(
            client,
            services.Time,
            options.Timeout,
            secret,
            options.ApiToken ?? default,
            options.BearerToken ?? default
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
            if (
                !_templates.TryChoose(payload, _options.Template, out var template, out refusal)
                || !template.TryRender(
                    TemplatePart.Subject,
                    payload,
                    out string? subject,
                    out refusal,
                    cancellationToken
                )
                || !template.TryRender(TemplatePart.Text, payload, out string? text, out refusal, cancellationToken)
            )
            {
                return refusal;
            }

            string? priority = payload.Option(PushKeys.Priority) ?? _options.Priority;
            if (priority is not null && !ZendeskOptions.Priorities.Contains(priority, StringComparer.Ordinal))
            {
                return DeliveryResult.Rejected($"There is no priority '{SingleLine.Cut(priority, 40)}'.");
            }

            var ticket = Describe(push, payload, subject, text, priority);
            var (answer, failure) = await _sender.PostAsync(
                _url,
                ticket.ToJson(),
                headers => AddHeaders(headers, push),
                cancellationToken
            );
            return failure ?? ZendeskAnswers.Classify(answer!);
        }
    }

    public void Dispose() => _sender.Dispose();

    private Ticket Describe(Push push, PushPayload payload, string subject, string text, string? priority)
    {
        string? name = payload.Text(_options.RequesterName);
        bool hasAddress = EmailAddress.TryParse(payload.Text(_options.RequesterEmail), out var address);
        return new Ticket(
            SingleLine.Cut(subject, MaxSubjectLength),
            SingleLine.Cut(text, MaxTextLength),
            _options.PublicComment,
            priority,
            _options.Tags,
            push.Id.Value,
            name is null ? null : SingleLine.Cut(SingleLine.Of(name), MaxSubjectLength),
            hasAddress ? address.ToString() : null
        );
    }

    private void AddHeaders(HttpRequestHeaders headers, Push push)
    {
        headers.Authorization = _authorization;
        headers.Accept.ParseAdd("application/json");
        headers.Add("Idempotency-Key", push.Id.Value);
    }

    private static AuthenticationHeaderValue Authorization(ZendeskOptions options)
    {
        if (options.BearerToken is { IsEmpty: false } bearer)
        {
            return HttpLogin.Bearer(bearer);
        }

        return HttpLogin.Basic($"{options.Email}/token", options.ApiToken);
    }
}
