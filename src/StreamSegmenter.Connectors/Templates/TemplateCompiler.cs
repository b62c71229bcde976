using System.Globalization;
using HandlebarsDotNet;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Turns the sources of templates into delegates, one engine for each way of escaping and of writing amounts.
/// </summary>
internal sealed class TemplateCompiler(TemplateLimits limits, PartialSet partials)
{
    private readonly Dictionary<(TemplatePart Escaping, string Locale), IHandlebars> _engines = [];

    /// <summary>How many sources were left out for a mistake that is told where a partial has it.</summary>
    public int LeftOut { get; private set; }

    /// <param name="locale">The language's normalised name; empty for none.</param>
    public Dictionary<TemplatePart, CompiledPart> Compile(TemplateParts options, string locale, OptionErrors errors)
    {
        var parts = new Dictionary<TemplatePart, CompiledPart>();
        int before = LeftOut;
        Add(TemplatePart.Subject, options.Subject, nameof(options.Subject));
        Add(TemplatePart.Text, options.Text, nameof(options.Text));
        Add(TemplatePart.Html, options.Html, nameof(options.Html));
        AddOrText(TemplatePart.Chat, options.Chat, nameof(options.Chat));
        AddOrText(TemplatePart.Markdown, options.Markdown, nameof(options.Markdown));
        bool isEmpty = parts.Count == 0 && errors.All.Count == 0 && LeftOut == before;
        errors.Require(!isEmpty, nameof(options.Text), "the template is empty");
        return parts;

        void AddOrText(TemplatePart part, string? source, string property)
        {
            if (source is not null)
            {
                Add(part, source, property);
            }
            else if (parts.ContainsKey(TemplatePart.Text))
            {
                Add(part, options.Text, nameof(options.Text));
            }
        }

        void Add(TemplatePart part, string? source, string property)
        {
            if (source is not null && Compile(part, source, property, errors, locale) is { } compiled)
            {
                parts[part] = compiled;
            }
        }
    }

    public CompiledPart? Compile(
        TemplatePart part,
        string source,
        string property,
        OptionErrors errors,
        string locale = ""
    )
    {
        if (source.Length > limits.MaxSourceLength)
        {
            errors.Add(property, $"longer than {limits.MaxSourceLength} characters");
            return null;
        }

        try
        {
            new TemplateSyntax(part, source, limits.MaxDepth).Check();
            string whole = partials.Expand(part, source);
            var syntax = new TemplateSyntax(part, whole, limits.MaxDepth);
            CheckWhole(syntax);
            if (part == TemplatePart.Json)
            {
                JsonSample.Check(whole);
            }

            using var reader = new StringReader(whole);
            return new(part, EngineFor(part, locale).Compile(reader), syntax.Paths, limits);
        }
        catch (TemplateSyntaxException exception) when (exception.IsToldElsewhere)
        {
            LeftOut++;
        }
        catch (TemplateSyntaxException exception)
        {
            errors.Add(property, exception.Describe(source));
        }
        catch (Exception exception)
        {
            // Mistakes that the check above let through; the engine's own place, if any, is the end of its message.
            errors.Add(property, SingleLine.Of(exception.Message));
        }

        return null;
    }

    /// <summary>What partials and the source around them are only together wrong in has no place of its own.</summary>
    private static void CheckWhole(TemplateSyntax syntax)
    {
        try
        {
            syntax.Check();
        }
        catch (TemplateSyntaxException exception)
        {
            throw new TemplateSyntaxException(0, $"with its partials: {exception.Message}");
        }
    }

    private IHandlebars EngineFor(TemplatePart part, string locale)
    {
        var escaping = part == TemplatePart.Subject ? TemplatePart.Text : part;
        if (!_engines.TryGetValue((escaping, locale), out var engine))
        {
            _engines[(escaping, locale)] = engine = CreateEngine(EncoderFor(escaping), TemplateLocale.Of(locale));
        }

        return engine;
    }

    private static ValueEncoder EncoderFor(TemplatePart part) =>
        part switch
        {
            TemplatePart.Html => new HtmlValueEncoder(),
            TemplatePart.Chat => new ChatValueEncoder(),
            TemplatePart.Markdown => new MarkdownValueEncoder(),
            TemplatePart.Json => new JsonStringEncoder(),
            TemplatePart.Blocks => new BlockValueEncoder(),
            TemplatePart.Url => new UrlValueEncoder(),
            TemplatePart.Header => new HeaderValueEncoder(),
            _ => new PlainEncoder(),
        };

    private static IHandlebars CreateEngine(ITextEncoder encoder, TemplateLocale locale)
    {
        var configuration = new HandlebarsConfiguration
        {
            TextEncoder = encoder,
            FormatProvider = CultureInfo.InvariantCulture,
            PartialTemplateResolver = new NoPartials(),
        };
        configuration.ObjectDescriptorProviders.Add(new JsonDescription());
        configuration.FormatterProviders.Add(new JsonFormat());
        var engine = Handlebars.Create(configuration);
        TemplateFunctions.Register(engine, locale);
        return engine;
    }

    private sealed class NoPartials : IPartialTemplateResolver
    {
        public bool TryRegisterPartial(IHandlebars env, string? partialName, string? templatePath) => false;
    }
}
