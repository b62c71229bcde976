using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// Slack's <c>chat.postMessage</c>. Slack limits each channel by itself: while one has to wait, pushes to the others go
/// on.
/// </summary>
internal sealed class SlackApi(SlackApiOptions options, ConnectorServices services) : IChatSystem
{
    private const int MaxBlocks = 50;

    private readonly Uri _url = new(options.Url.Reveal());
    private readonly CompiledPart? _blocks = options.CompileBlocks(services.Templates, new OptionErrors(""));
    private readonly Pauses _pauses = new(services.Time);

    public bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        call = null;
        string channel = ChannelOf(message);
        if (_pauses.Remaining(channel) is { } wait)
        {
            refusal = DeliveryResult.NotSent("Not sent: Slack asked to wait with this channel.", wait);
            return false;
        }

        if (!TryRenderBlocks(message, out var blocks, out refusal, cancellationToken))
        {
            return false;
        }

        using var _ = blocks;
        call = new(HttpMethod.Post, _url)
        {
            AddHeaders = headers => headers.Authorization = HttpLogin.Bearer(options.Token),
            MediaType = "application/json; charset=utf-8",
            Body = JsonBody.Write(json =>
            {
                json.WriteString("channel", channel);
                json.WriteString("text", message.Text);
                if (blocks is not null)
                {
                    json.WritePropertyName("blocks");
                    SlackBlocks.Write(json, blocks.RootElement);
                }

                json.WriteString("client_msg_id", Guid.ParseExact(message.Id.Value, "N"));
                json.WriteBoolean("unfurl_links", false);
                json.WriteBoolean("unfurl_media", false);
            }),
        };
        return true;
    }

    public DeliveryResult Classify(HttpAnswer answer, ChatMessage message)
    {
        var result = SlackApiAnswers.Classify(answer, channelOfPush: message.Channel is not null);
        if (result is { Outcome: DeliveryOutcome.Retry, Scope: DeliveryScope.Push, RetryAfter: { } wait })
        {
            _pauses.Begin(ChannelOf(message), wait);
        }

        return result;
    }

    private string ChannelOf(ChatMessage message) => message.Channel ?? options.Channel;

    private bool TryRenderBlocks(
        ChatMessage message,
        out JsonDocument? blocks,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        blocks = null;
        refusal = null;
        if (_blocks is null)
        {
            return true;
        }

        if (!_blocks.TryRender("The blocks", message.Payload.Root, out string? text, out refusal, cancellationToken))
        {
            return false;
        }

        try
        {
            blocks = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            refusal = DeliveryResult.Unsendable($"The blocks are not JSON for this push: {exception.Message}");
            return false;
        }

        if (blocks.RootElement.ValueKind == JsonValueKind.Array && blocks.RootElement.GetArrayLength() <= MaxBlocks)
        {
            return true;
        }

        blocks.Dispose();
        refusal = DeliveryResult.Unsendable($"The blocks are no array of at most {MaxBlocks}.");
        return false;
    }
}
