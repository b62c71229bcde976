using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Chat;

/// <summary>A message on its way to a chat system.</summary>
/// <param name="Text">Rendered and cut, never blank.</param>
internal sealed record ChatMessage(PushId Id, PushPayload Payload, Template Template, string Text)
{
    /// <summary>The channel that the push itself names.</summary>
    public string? Channel => Payload.Option(PushKeys.Channel);
}

/// <summary>How one chat system takes messages and what its answers mean. Thread-safe.</summary>
internal interface IChatSystem
{
    /// <summary>The request, the same bytes for the same message; or why there is none.</summary>
    bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    );

    DeliveryResult Classify(HttpAnswer answer, ChatMessage message);
}
