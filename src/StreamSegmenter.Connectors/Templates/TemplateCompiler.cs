using System.Globalization;
using HandlebarsDotNet;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>Turns the sources of a template into delegates, one engine for each way of escaping.</summary>
internal sealed class TemplateCompiler(TemplateLimits limits)
{
    private readonly IHandlebars _plain = CreateEngine(new PlainEncoder());
    private readonly IHandlebars _html = CreateEngine(new HtmlValueEncoder());
    private readonly IHandlebars _chat = CreateEngine(new ChatValueEncoder());
    private readonly IHandlebars _json = CreateEngine(new JsonStringEncoder());
    private readonly IHandlebars _markdown = CreateEngine(new MarkdownValueEncoder());
    private readonly IHandlebars _blocks = CreateEngine(new BlockValueEncoder());
    private readonly IHandlebars _url = CreateEngine(new UrlValueEncoder());
    private readonly IHandlebars _header = CreateEngine(new HeaderValueEncoder());

    public Dictionary<TemplatePart, CompiledPart> Compile(TemplateOptions options, OptionErrors errors)
    {
        var parts = new Dictionary<TemplatePart, CompiledPart>();
        Add(TemplatePart.Subject, options.Subject, nameof(options.Subject));
        Add(TemplatePart.Text, options.Text, nameof(options.Text));
        Add(TemplatePart.Html, options.Html, nameof(options.Html));
        AddOrText(TemplatePart.Chat, options.Chat, nameof(options.Chat));
        AddOrText(TemplatePart.Markdown, options.Markdown, nameof(options.Markdown));
        errors.Require(parts.Count > 0 || errors.All.Count > 0, nameof(options.Text), "the template is empty");
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
            if (source is not null && Compile(part, source, property, errors) is { } compiled)
            {
                parts[part] = compiled;
            }
        }
    }

    public CompiledPart? Compile(TemplatePart part, string source, string property, OptionErrors errors)
    {
        if (source.Length > limits.MaxSourceLength)
        {
            errors.Add(property, $"longer than {limits.MaxSourceLength} characters");
            return null;
        }

        try
        {
            var syntax = new TemplateSyntax(part, source, limits.MaxDepth);
            syntax.Check();
            using var reader = new StringReader(source);
            return new(part, EngineFor(part).Compile(reader), syntax.Paths, limits);
        }
        catch (TemplateSyntaxException exception)
        {
            errors.Add(property, $"{Place(source, exception.Position)}: {exception.Message}");
        }
        catch (Exception exception)
        {
            // Mistakes that the check above let through; the engine's own place, if any, is the end of its message.
            errors.Add(property, SingleLine.Of(exception.Message));
        }

        return null;
    }

    private IHandlebars EngineFor(TemplatePart part) =>
        part switch
        {
            TemplatePart.Html => _html,
            TemplatePart.Chat => _chat,
            TemplatePart.Markdown => _markdown,
            TemplatePart.Json => _json,
            TemplatePart.Blocks => _blocks,
            TemplatePart.Url => _url,
            TemplatePart.Header => _header,
            _ => _plain,
        };

    private static string Place(string source, int position)
    {
        var before = source.AsSpan(0, position);
        int line = before.Count('\n') + 1;
        int column = position - before.LastIndexOf('\n');
        return $"line {line}, column {column}";
    }

    private static IHandlebars CreateEngine(ITextEncoder encoder)
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
        TemplateFunctions.Register(engine);
        return engine;
    }

    private sealed class NoPartials : IPartialTemplateResolver
    {
        public bool TryRegisterPartial(IHandlebars env, string? partialName, string? templatePath) => false;
    }
}
