using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>One compiled template. Thread-safe.</summary>
public sealed class Template
{
    private readonly IReadOnlyDictionary<TemplatePart, CompiledPart> _parts;
    private readonly LocalisedParts _localised;
    private readonly string? _mark;

    internal Template(
        string name,
        IReadOnlyDictionary<TemplatePart, CompiledPart> parts,
        LocalisedParts localised,
        string? mark = null
    )
    {
        Name = name;
        _parts = parts;
        _localised = localised;
        _mark = mark;
    }

    public string Name { get; }

    /// <summary>Whether the template has the part or a stand-in for it.</summary>
    public bool Has(TemplatePart part) => _parts.ContainsKey(part);

    /// <summary>Whether one of the parts names the digest, in every language.</summary>
    internal bool NamesDigest(IReadOnlyList<TemplatePart> parts) =>
        _localised
            .Each(_parts)
            .All(language => parts.Any(part => language.TryGetValue(part, out var compiled) && compiled.NamesDigest));

    /// <summary>The same template, whose texts begin with a mark unless they hold it.</summary>
    internal Template Marked(string mark) => new(Name, _parts, _localised, mark);

    /// <summary>The template in the language of the push's reader, as far as it has it.</summary>
    internal Template For(PushPayload payload) =>
        _localised.IsEmpty ? this : new(Name, _localised.Choose(payload, _parts), LocalisedParts.None, _mark);

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
            bool isRendered = compiled.TryRender(
                $"Template '{Name}', {place}",
                payload.Root,
                out text,
                out refusal,
                cancellationToken
            );
            text = isRendered ? WithMark(part, text!) : null;
            return isRendered;
        }

        text = null;
        refusal = DeliveryResult.Unsendable($"Template '{Name}' has no {place}.");
        return false;
    }

    private string WithMark(TemplatePart part, string text) =>
        _mark is null || text.Contains(_mark, StringComparison.Ordinal) ? text
        : part == TemplatePart.Html ? $"<p>{_mark}</p>{text}"
        : $"{_mark} {text}";
}
