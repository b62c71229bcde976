using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>One compiled template. Thread-safe.</summary>
public sealed class Template
{
    private readonly IReadOnlyDictionary<TemplatePart, CompiledPart> _parts;

    internal Template(string name, IReadOnlyDictionary<TemplatePart, CompiledPart> parts)
    {
        Name = name;
        _parts = parts;
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
        string place = part.ToString().ToLowerInvariant();
        if (_parts.TryGetValue(part, out var compiled))
        {
            return compiled.TryRender(
                $"Template '{Name}', {place}",
                payload.Root,
                out text,
                out refusal,
                cancellationToken
            );
        }

        text = null;
        refusal = DeliveryResult.Rejected($"Template '{Name}' has no {place}.");
        return false;
    }
}
