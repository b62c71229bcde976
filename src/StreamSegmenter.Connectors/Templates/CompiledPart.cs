using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using HandlebarsDotNet;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>One compiled part of a template. Thread-safe.</summary>
/// <param name="Paths">The paths that the source names, such as <c>profile.email</c>.</param>
internal sealed record CompiledPart(
    TemplatePart Part,
    HandlebarsTemplate<TextWriter, object, object> Render,
    IReadOnlySet<string> Paths,
    TemplateLimits Limits
)
{
    /// <summary>Whether the source names what a push carries besides itself.</summary>
    public bool NamesDigest =>
        Paths.Any(static path => path.Split('.', '/').Contains(PushContent.Digest, StringComparer.Ordinal));

    /// <summary>The same data give the same text, always.</summary>
    /// <param name="place">Names the part in a refusal.</param>
    public bool TryRender(
        string place,
        JsonElement data,
        [NotNullWhen(true)] out string? text,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        text = null;
        refusal = null;
        using var writer = new BoundedWriter(Limits, cancellationToken);
        try
        {
            Render(writer, data);
            text = Finish(writer.ToString());
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            refusal = DeliveryResult.NotSent($"The time was over while rendering. {place}.");
        }
        catch (Exception exception)
        {
            string reason = exception is MissingValueException missing ? Explain(missing) : exception.Message;
            refusal = DeliveryResult.Unsendable($"{place}: {reason}.");
        }

        return false;
    }

    private string Finish(string text) =>
        Part switch
        {
            TemplatePart.Subject => SingleLine.Of(text),
            TemplatePart.Chat or TemplatePart.Markdown or TemplatePart.Blocks => MassMentions.Neutralise(text),
            _ => text,
        };

    // The whole path of the missing value, if only one in the source ends like that.
    private string Explain(MissingValueException missing)
    {
        string ending = "." + missing.Name;
        var candidates = Paths.Where(path => path.EndsWith(ending, StringComparison.Ordinal)).Take(2).ToList();
        string path = candidates.Count == 1 ? candidates[0] : missing.Name;
        return $"'{path}' is missing; write {{{{default {path} \"...\"}}}} if it may be";
    }
}
