using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Teams;

/// <summary>
/// A workflow of Microsoft Teams that posts an Adaptive Card. Its text is made of text runs, in which no mark-up is
/// read.
/// </summary>
internal sealed partial class TeamsWorkflow(TeamsOptions options) : IChatSystem
{
    private const int MaxBodyLength = 28 * 1024;
    private const int MaxLines = 200;

    private readonly Uri _url = new(options.Url.Reveal());

    public bool TryWrite(
        ChatMessage message,
        [NotNullWhen(true)] out HttpCall? call,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        call = null;
        refusal = null;
        string? title = null;
        if (
            message.Template.Has(TemplatePart.Subject)
            && !message.Template.TryRender(
                TemplatePart.Subject,
                message.Payload,
                out title,
                out refusal,
                cancellationToken
            )
        )
        {
            return false;
        }

        call = new(HttpMethod.Post, _url) { Body = WriteFitting(title ?? "", message.Text) };
        return true;
    }

    public DeliveryResult Classify(HttpAnswer answer, ChatMessage message)
    {
        if (!answer.IsSuccess)
        {
            return answer.ByStatusWithoutKey();
        }

        // Teams' own verdict may come inside of the success of what stands in front of it.
        if (Verdict().Match(answer.Body) is { Success: true } verdict)
        {
            int status = int.Parse(verdict.Groups["status"].Value, CultureInfo.InvariantCulture);
            return answer.As(status is 429 or >= 500 ? DeliveryOutcome.Retry : DeliveryOutcome.Rejected);
        }

        using var json = answer.TryParse();
        bool isStrange = json is null && answer.Body.Length > 0;
        return isStrange ? answer.As(DeliveryOutcome.Unknown) : DeliveryResult.Delivered;
    }

    private static ReadOnlyMemory<byte> WriteFitting(string title, string text)
    {
        var body = Write(title, text);
        for (int length = text.Length; body.Length > MaxBodyLength; body = Write(title, ChatText.Cut(text, length)))
        {
            length = length * 3 / 4;
        }

        return body;
    }

    private static ReadOnlyMemory<byte> Write(string title, string text) =>
        JsonBody.Write(json =>
        {
            json.WriteString("type", "message");
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
            json.WriteStartObject("content");
            json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
            json.WriteString("type", "AdaptiveCard");
            json.WriteString("version", "1.4");
            json.WriteStartArray("body");
            WriteLine(json, SingleLine.Cut(title, 250), isTitle: true);
            foreach (string line in text.ReplaceLineEndings("\n").Split('\n', MaxLines))
            {
                WriteLine(json, line, isTitle: false);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        });

    private static void WriteLine(Utf8JsonWriter json, string line, bool isTitle)
    {
        if (line.Length == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", line);
        if (isTitle)
        {
            json.WriteString("weight", "Bolder");
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    [GeneratedRegex(
        @"returned HTTP error (?<status>\d{3})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Verdict();
}
