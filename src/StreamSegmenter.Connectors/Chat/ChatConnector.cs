using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Chat;

/// <summary>
/// Posts a message per push. Chat systems know no idempotency key: a push whose outcome is
/// <see cref="DeliveryOutcome.Unknown"/> may show twice when it is tried again.
/// </summary>
/// <param name="secrets">What is not to be reported, besides the address.</param>
internal sealed class ChatConnector(
    ChatOptions options,
    ConnectorServices services,
    IChatSystem system,
    params Secret[] secrets
) : IConnector, IDisposable
{
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
            if (
                !TryRender(push, payload, out var message, out refusal, cancellationToken)
                || !system.TryWrite(message, out var call, out refusal, cancellationToken)
            )
            {
                return refusal;
            }

            var (answer, failure) = await _sender.SendAsync(call, cancellationToken);
            return failure ?? system.Classify(answer!, message);
        }
    }

    public void Dispose() => _sender.Dispose();

    private bool TryRender(
        Push push,
        PushPayload payload,
        [NotNullWhen(true)] out ChatMessage? message,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        message = null;
        if (
            !services.Templates.TryChoose(payload, options.Template, out var template, out refusal)
            || !template.TryRender(options.Parts[0], payload, out string? text, out refusal, cancellationToken)
        )
        {
            return false;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            refusal = DeliveryResult.Unsendable($"Template '{template.Name}' rendered no text.");
            return false;
        }

        message = new(push.Id, payload, template, ChatText.Cut(text, options.MaxTextLength));
        return true;
    }
}
