using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// Slack's <c>chat.postMessage</c>. Slack limits each channel by itself: while the pushes to one wait, one behind the
/// other, those to the others go on.
/// </summary>
internal sealed class SlackApi(SlackApiOptions options, ConnectorServices services) : IChatSystem
{
    private const int MaxBlocks = 50;

    // "1 per second per channel", short bursts aside.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Uri _url = new(options.Url.Reveal());
    private readonly CompiledPart? _blocks = options.CompileBlocks(services.Templates, new OptionErrors(""));
    private readonly ChannelTurns _turns = new(services.Time, Interval);

    public bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        call = null;
        string channel = ChannelOf(message);
        if (_turns.Remaining(channel, message.Id) is { } wait)
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
        return result is { Outcome: DeliveryOutcome.Retry, Scope: DeliveryScope.Push, RetryAfter: { } wait }
            ? result with
            {
                RetryAfter = _turns.Hold(ChannelOf(message), message.Id, wait),
            }
            : result;
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
