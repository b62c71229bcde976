using System.Diagnostics.CodeAnalysis;
using System.Net;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Helpdesk;

/// <summary>
/// Keeps one open ticket per customer and segment: looks for it, then creates it or adds to it. A push that left its
/// mark is not told again.
/// </summary>
internal sealed class HelpdeskConnector(
    HelpdeskOptions options,
    ConnectorServices services,
    IHelpdesk helpdesk,
    params Secret[] secrets
) : IConnector, IDisposable
{
    private const int MaxSubjectLength = 255;
    private const int MaxTextLength = 60_000; // Zendesk takes 64 KiB

    private readonly HttpSender _sender = new(
        OutboundHttp.CreateClient(options, services.Resolve),
        services.Time,
        options.Timeout,
        [.. options.HiddenParts, .. secrets]
    );

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (!TryDescribe(push, payload, out var ticket, out refusal, cancellationToken))
            {
                return refusal;
            }

            using var limit = new CancellationTokenSource(options.Timeout, services.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return await DeliverAsync(ticket, either.Token);
        }
    }

    public void Dispose() => _sender.Dispose();

    private async ValueTask<DeliveryResult> DeliverAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        var (answer, failure) = await _sender.SendAsync(helpdesk.Find(ticket), cancellationToken);
        if (failure is not null || !answer!.IsSuccess)
        {
            return failure ?? helpdesk.Classify(answer!);
        }

        if (!TryRead(answer, ticket, out var tickets))
        {
            return answer.As(DeliveryOutcome.Retry);
        }

        if (tickets.Exists(found => found.HasPush))
        {
            return DeliveryResult.Delivered;
        }

        if (tickets.Find(found => found.IsOpen) is { } open)
        {
            (answer, failure) = await SendAsync(helpdesk.Update(ticket, open), cancellationToken);
            if (answer is not { Status: HttpStatusCode.NotFound or HttpStatusCode.Gone })
            {
                return failure ?? helpdesk.Classify(answer!);
            }

            // Deleted since, or found by a search that runs behind: there is no such ticket.
        }

        (answer, failure) = await SendAsync([helpdesk.Create(ticket)], cancellationToken);
        return failure ?? helpdesk.Classify(answer!);
    }

    /// <summary>Goes on until one of the calls is not taken. Returns what the last one came to.</summary>
    private async ValueTask<(HttpAnswer? Answer, DeliveryResult? Failure)> SendAsync(
        IReadOnlyList<HttpCall> calls,
        CancellationToken cancellationToken
    )
    {
        (HttpAnswer? Answer, DeliveryResult? Failure) end = default;
        foreach (var call in calls)
        {
            end = await _sender.SendAsync(call, cancellationToken);
            if (end.Answer is null || helpdesk.Classify(end.Answer).Outcome != DeliveryOutcome.Delivered)
            {
                break;
            }
        }

        return end;
    }

    private bool TryRead(HttpAnswer answer, Ticket ticket, [NotNullWhen(true)] out List<FoundTicket>? tickets)
    {
        tickets = null;
        try
        {
            using var json = answer.TryParse();
            tickets = json is null ? null : [.. helpdesk.Read(json.RootElement, ticket)];
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException)
        {
            // Not the answer to that question.
        }

        return tickets is not null;
    }

    private bool TryDescribe(
        Push push,
        PushPayload payload,
        [NotNullWhen(true)] out Ticket? ticket,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        ticket = null;
        if (
            !services.Templates.TryChoose(payload, options.Template, out var template, out refusal)
            || !template.TryRender(TemplatePart.Subject, payload, out string? subject, out refusal, cancellationToken)
            || !template.TryRender(TemplatePart.Text, payload, out string? text, out refusal, cancellationToken)
        )
        {
            return false;
        }

        string? priority = payload.Option(PushKeys.Priority) ?? options.Priority;
        if (priority is not null && !HelpdeskOptions.Priorities.Contains(priority, StringComparer.Ordinal))
        {
            refusal = DeliveryResult.Unsendable($"There is no priority '{SingleLine.Cut(priority, 40)}'.");
            return false;
        }

        string? name = payload.Text(options.RequesterName);
        bool hasAddress = EmailAddress.TryParse(payload.Text(options.RequesterEmail), out var address);
        ticket = new Ticket(
            push.Id,
            Ticket.ThreadOf(push.Customer.Value, payload.Text($"{PushContent.Segment}.name") ?? ""),
            Ticket.MarkOf(push.Id),
            push.Customer.Value,
            SingleLine.Cut(subject, MaxSubjectLength),
            SingleLine.Cut(text, MaxTextLength),
            options.PublicComment,
            priority,
            options.Tags,
            name is null ? null : SingleLine.Cut(SingleLine.Of(name), MaxSubjectLength),
            hasAddress ? address.ToString() : null
        );
        return true;
    }
}
