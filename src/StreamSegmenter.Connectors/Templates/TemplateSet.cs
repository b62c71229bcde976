using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// The compiled templates of a configuration, with the built-in <c>default</c> unless that name is configured.
/// Thread-safe.
/// </summary>
public sealed class TemplateSet
{
    /// <summary>The template of pushes and connectors that name none.</summary>
    public const string DefaultName = "default";

    private static readonly TemplateOptions BuiltIn = new()
    {
        Subject = "{{segment.name}}: {{customer}} {{transition.kind}}",
        Text = "{{customer}} {{transition.kind}} {{segment.name}} at {{transition.at}}.",
    };

    private readonly SortedDictionary<string, Template> _templates;

    private readonly TemplateCompiler _compiler;

    private TemplateSet(SortedDictionary<string, Template> templates, TemplateCompiler compiler)
    {
        _templates = templates;
        _compiler = compiler;
    }

    public IReadOnlyCollection<string> Names => _templates.Keys;

    /// <summary>Compiles every template. Those with errors are left out of the set; start with none of them.</summary>
    public static TemplateSet Compile(
        IReadOnlyDictionary<string, TemplateOptions> templates,
        TemplateLimits limits,
        out IReadOnlyList<OptionError> errors
    )
    {
        var compiled = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        var found = new List<OptionError>();
        var compiler = new TemplateCompiler(limits);
        foreach (var (name, options) in templates.Prepend(new(DefaultName, BuiltIn)))
        {
            var nameErrors = new OptionErrors($"templates.{name}");
            var parts = compiler.Compile(options, nameErrors);
            found.AddRange(nameErrors.All);
            compiled[name] = new Template(name, parts);
        }

        errors = found;
        return new TemplateSet(compiled, compiler);
    }

    /// <summary>The same templates, whose texts begin with a mark: for messages that are no real ones.</summary>
    public TemplateSet Marked(string mark)
    {
        var marked = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        foreach (var (name, template) in _templates)
        {
            marked[name] = template.Marked(mark);
        }

        return new TemplateSet(marked, _compiler);
    }

    /// <summary>Compiles a source that stands in a connector's own settings; null if there are errors in it.</summary>
    internal CompiledPart? Compile(TemplatePart part, string source, string property, OptionErrors errors) =>
        _compiler.Compile(part, source, property, errors);

    /// <summary>Adds an error if a connector that renders these parts cannot use the template.</summary>
    internal void CheckUse(string name, IReadOnlyList<TemplatePart> parts, string property, OptionErrors errors)
    {
        if (!_templates.TryGetValue(name, out var template))
        {
            errors.Add(property, $"there is no template '{name}'; there are {string.Join(", ", Names)}");
            return;
        }

        foreach (var part in parts.Where(part => !template.Has(part)))
        {
            errors.Add(
                property,
                $"template '{name}' has no {part.ToString().ToLowerInvariant()}, which is needed here"
            );
        }
    }

    /// <summary>The template that the push names, else the connector's.</summary>
    internal bool TryChoose(
        PushPayload payload,
        string configured,
        [NotNullWhen(true)] out Template? template,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        string name = payload.Option(PushKeys.Template) ?? configured;
        bool found = _templates.TryGetValue(name, out template);
        refusal = found ? null : DeliveryResult.Rejected($"There is no template '{name}'.");
        return found;
    }
}
