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
        Text =
            "{{#each digest}}{{@root.customer}} {{transition.kind}} {{segment.name}} at {{transition.at}}."
            + "{{#unless @last}}\n{{/unless}}"
            + "{{else}}{{customer}} {{transition.kind}} {{segment.name}} at {{transition.at}}.{{/each}}",
    };

    private readonly SortedDictionary<string, Template> _templates;

    // Those with errors of their own, whose uses are not to be complained of.
    private readonly IReadOnlySet<string> _broken;

    private readonly TemplateCompiler _compiler;

    private TemplateSet(
        SortedDictionary<string, Template> templates,
        IReadOnlySet<string> broken,
        TemplateCompiler compiler
    )
    {
        _templates = templates;
        _broken = broken;
        _compiler = compiler;
    }

    public IReadOnlyCollection<string> Names => _templates.Keys;

    /// <summary>
    /// Compiles every template. Parts with errors are left out, and uses of their templates are not checked; start with
    /// none of them.
    /// </summary>
    /// <param name="unread">The names of templates whose settings could not be read.</param>
    public static TemplateSet Compile(
        IReadOnlyDictionary<string, TemplateOptions> templates,
        TemplateLimits limits,
        out IReadOnlyList<OptionError> errors,
        IReadOnlyDictionary<string, PartialOptions>? partials = null,
        IEnumerable<string>? unread = null
    )
    {
        var broken = new SortedSet<string>(unread ?? [], StringComparer.Ordinal);
        var compiled = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        var found = new List<OptionError>();
        var shared = new PartialSet(partials ?? new Dictionary<string, PartialOptions>(StringComparer.Ordinal), limits);
        shared.Check(found);
        var compiler = new TemplateCompiler(limits, shared);
        foreach (var (name, options) in templates.Prepend(new(DefaultName, BuiltIn)))
        {
            int before = found.Count + compiler.LeftOut;
            compiled[name] = Compile(compiler, name, options, found);
            if (found.Count + compiler.LeftOut > before)
            {
                broken.Add(name);
            }
        }

        errors = found;
        return new TemplateSet(compiled, broken, compiler);
    }

    private static Template Compile(
        TemplateCompiler compiler,
        string name,
        TemplateOptions options,
        List<OptionError> found
    )
    {
        var errors = new OptionErrors($"templates.{name}");
        string locale = "";
        if (options.Locale is not null && !TemplateLocale.TryNormalise(options.Locale, out locale!))
        {
            errors.Add(nameof(options.Locale), $"'{options.Locale}' is no locale; write e.g. en-GB");
        }

        errors.Require(
            options.LocaleFrom.Length > 0,
            nameof(options.LocaleFrom),
            "needs a path in the push such as profile.locale"
        );
        var parts = compiler.Compile(options, locale ?? "", errors);
        found.AddRange(errors.All);
        var localised = new Dictionary<string, IReadOnlyDictionary<TemplatePart, CompiledPart>>(StringComparer.Ordinal);
        foreach (var (key, translation) in options.Locales)
        {
            var inLocale = new OptionErrors($"templates.{name}.locales.{key}");
            bool isLocale = TemplateLocale.TryNormalise(key, out string? normalised);
            inLocale.Require(isLocale, nameof(translation.Text), $"'{key}' is no locale; write e.g. de or pt-BR");
            var translated = compiler.Compile(translation, normalised ?? "", inLocale);
            inLocale.Require(
                normalised is null || localised.TryAdd(normalised, translated),
                nameof(translation.Text),
                $"'{key}' is written twice"
            );
            found.AddRange(inLocale.All);
        }

        return new Template(name, parts, new LocalisedParts(options.LocaleFrom, localised));
    }

    /// <summary>The same templates, whose texts begin with a mark: for messages that are no real ones.</summary>
    public TemplateSet Marked(string mark)
    {
        var marked = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        foreach (var (name, template) in _templates)
        {
            marked[name] = template.Marked(mark);
        }

        return new TemplateSet(marked, _broken, _compiler);
    }

    /// <summary>Compiles a source that stands in a connector's own settings; null if there are errors in it.</summary>
    internal CompiledPart? Compile(TemplatePart part, string source, string property, OptionErrors errors) =>
        _compiler.Compile(part, source, property, errors);

    /// <summary>Adds an error if a connector that renders these parts cannot use the template.</summary>
    internal void CheckUse(string name, IReadOnlyList<TemplatePart> parts, string property, OptionErrors errors)
    {
        if (_broken.Contains(name))
        {
            return;
        }

        if (!_templates.TryGetValue(name, out var template))
        {
            var known = Names.Union(_broken, StringComparer.Ordinal).Order(StringComparer.Ordinal);
            errors.Add(property, $"there is no template '{name}'; there are {string.Join(", ", known)}");
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

    /// <summary>
    /// Whether one of the template's parts names the digest; also where there is no such template, or it has mistakes.
    /// </summary>
    internal bool NamesDigest(string name, IReadOnlyList<TemplatePart> parts) =>
        _broken.Contains(name) || !_templates.TryGetValue(name, out var template) || template.NamesDigest(parts);

    /// <summary>The template that the push names, else the connector's.</summary>
    internal bool TryChoose(
        PushPayload payload,
        string configured,
        [NotNullWhen(true)] out Template? template,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        string name = payload.Option(PushKeys.Template) ?? configured;
        bool found = TryFind(name, payload, out template);
        refusal = found ? null : DeliveryResult.Unsendable($"There is no template '{name}'.");
        return found;
    }

    /// <summary>The template of a name, in the language of the push's reader.</summary>
    internal bool TryFind(string name, PushPayload payload, [NotNullWhen(true)] out Template? template)
    {
        template = _templates.TryGetValue(name, out var found) ? found.For(payload) : null;
        return template is not null;
    }
}
