using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>An incoming webhook of Slack, or of Mattermost and Rocket.Chat, which copied it.</summary>
internal sealed class SlackWebhook(SlackOptions options) : IChatSystem
{
    private readonly Uri _url = new(options.Url.Reveal());

    public bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        refusal = null;
        call = new(HttpMethod.Post, _url)
        {
            Body = JsonBody.Write(json =>
            {
                json.WriteString("text", message.Text);
                json.WriteOptional("channel", message.Channel ?? options.Channel);
                json.WriteOptional("username", options.Username);
            }),
        };
        return true;
    }

    public DeliveryResult Classify(HttpAnswer answer, ChatMessage message) =>
        SlackAnswers.Classify(answer, channelOfPush: message.Channel is not null);
}
