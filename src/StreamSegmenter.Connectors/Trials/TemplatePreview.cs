using System.Text;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Trials;

/// <summary>What one part of a template says.</summary>
/// <param name="Text">Null when it cannot be rendered.</param>
/// <param name="Refusal">Why, as the dead letter would say; null when it can.</param>
public sealed record PreviewedPart(TemplatePart Part, string? Text, string? Refusal);

/// <summary>Renders templates without sending anything.</summary>
public static class TemplatePreview
{
    private static readonly TemplatePart[] Named =
    [
        TemplatePart.Subject,
        TemplatePart.Text,
        TemplatePart.Html,
        TemplatePart.Chat,
        TemplatePart.Markdown,
    ];

    // Who tries a link in a preview must not unsubscribe somebody.
    private const string SampleToken = "sample-token";

    /// <summary>Every part that the template has, in the language of the trial's customer.</summary>
    /// <param name="hasTokens">Whether mail has <c>unsubscribe.token</c>; shown is one that nobody takes.</param>
    public static IReadOnlyList<PreviewedPart> Render(
        TemplateSet templates,
        string name,
        Trial trial,
        bool hasTokens,
        CancellationToken cancellationToken
    )
    {
        byte[] content = Encoding.UTF8.GetBytes(TrialPush.ContentOf(trial).ToJsonString());
        var push = new Push(new PushId(""), new ConnectorName("preview"), trial.Customer, 0, content);
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            throw new InvalidOperationException(refusal.Detail);
        }

        using (payload)
        using (var extended = payload.With(RequestModel.Unsubscribe, "token", SampleToken))
        {
            var seen = hasTokens ? extended : payload;
            var parts = new List<PreviewedPart>();
            if (templates.TryFind(name, seen, out var template))
            {
                foreach (var part in Named.Where(template.Has))
                {
                    template.TryRender(part, seen, out string? text, out refusal, cancellationToken);
                    parts.Add(new(part, text, refusal?.Detail));
                }
            }

            return parts;
        }
    }
}
