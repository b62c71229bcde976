using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>One compiled template. Thread-safe.</summary>
public sealed class Template
{
    private readonly IReadOnlyDictionary<TemplatePart, CompiledPart> _parts;
    private readonly TemplateLimits _limits;

    internal Template(string name, IReadOnlyDictionary<TemplatePart, CompiledPart> parts, TemplateLimits limits)
    {
        Name = name;
        _parts = parts;
        _limits = limits;
    }

    public string Name { get; }

    /// <summary>Whether the template has the part or a stand-in for it.</summary>
    public bool Has(TemplatePart part) => _parts.ContainsKey(part);

    /// <summary>The same content gives the same text, always.</summary>
    internal bool TryRender(
        TemplatePart part,
        PushPayload payload,
        [NotNullWhen(true)] out string? text,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        text = null;
        refusal = null;
        if (!_parts.TryGetValue(part, out var compiled))
        {
            refusal = DeliveryResult.Rejected($"Template '{Name}' has no {part.ToString().ToLowerInvariant()}.");
            return false;
        }

        using var writer = new BoundedWriter(_limits, cancellationToken);
        try
        {
            compiled.Render(writer, payload.Root);
            text = Finish(part, writer.ToString());
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            refusal = DeliveryResult.Retry($"The time was over while template '{Name}' was rendered.");
        }
        catch (Exception exception)
        {
            string place = part.ToString().ToLowerInvariant();
            string reason = exception is MissingValueException missing ? compiled.Explain(missing) : exception.Message;
            refusal = DeliveryResult.Rejected($"Template '{Name}', {place}: {reason}.");
        }

        return false;
    }

    private static string Finish(TemplatePart part, string text) =>
        part switch
        {
            TemplatePart.Subject => SingleLine.Of(text),
            TemplatePart.Chat => MassMentions.Neutralise(text),
            _ => text,
        };
}
