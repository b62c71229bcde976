using System.Text;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// The settings under <c>partials.NAME</c>: source that templates share by <c>{{&gt; NAME}}</c>, for each part that
/// names it. <see cref="Chat"/> and <see cref="Markdown"/> are taken from <see cref="Text"/> where they are missing;
/// subjects take <see cref="Text"/>.
/// </summary>
public sealed class PartialOptions
{
    public string? Text { get; set; }

    public string? Html { get; set; }

    public string? Chat { get; set; }

    public string? Markdown { get; set; }

    internal string? SourceFor(TemplatePart part) =>
        part switch
        {
            TemplatePart.Html => Html,
            TemplatePart.Chat => Chat ?? Text,
            TemplatePart.Markdown => Markdown ?? Text,
            _ => Text,
        };
}

/// <summary>Puts partials into the sources that name them, before those are compiled.</summary>
internal sealed class PartialSet(IReadOnlyDictionary<string, PartialOptions> partials, TemplateLimits limits)
{
    // Those that have a mistake in their own source.
    private readonly HashSet<string> _misspelt = new(StringComparer.Ordinal);

    /// <summary>Adds what is wrong with the partials themselves, each mistake once, where it was made.</summary>
    public void Check(ICollection<OptionError> errors)
    {
        foreach (var (name, partial) in partials)
        {
            FindMisspelt(name, TemplatePart.Text, partial.Text);
            FindMisspelt(name, TemplatePart.Html, partial.Html);
            FindMisspelt(name, TemplatePart.Chat, partial.Chat);
            FindMisspelt(name, TemplatePart.Markdown, partial.Markdown);
        }

        foreach (var (name, partial) in partials)
        {
            var found = new OptionErrors($"partials.{name}");
            CheckOne(name, TemplatePart.Text, partial.Text, nameof(partial.Text), found);
            CheckOne(name, TemplatePart.Html, partial.Html, nameof(partial.Html), found);
            CheckOne(name, TemplatePart.Chat, partial.Chat, nameof(partial.Chat), found);
            CheckOne(name, TemplatePart.Markdown, partial.Markdown, nameof(partial.Markdown), found);
            foreach (var error in found.All)
            {
                errors.Add(error);
            }
        }
    }

    /// <summary>The source with every partial in its place.</summary>
    /// <exception cref="TemplateSyntaxException">
    /// A partial is unknown, in itself, or makes it too long; or it has a mistake of its own, told by
    /// <see cref="Check"/>.
    /// </exception>
    public string Expand(TemplatePart part, string source) => Expand(part, source, []);

    private void FindMisspelt(string name, TemplatePart part, string? source)
    {
        try
        {
            if (source is not null)
            {
                new TemplateSyntax(part, source, limits.MaxDepth).Check();
            }
        }
        catch (TemplateSyntaxException)
        {
            _misspelt.Add(name);
        }
    }

    private void CheckOne(string name, TemplatePart part, string? source, string property, OptionErrors errors)
    {
        try
        {
            if (source is not null)
            {
                new TemplateSyntax(part, source, limits.MaxDepth).Check();
                _ = Expand(part, source, [name]);
            }
        }
        catch (TemplateSyntaxException exception) when (!exception.IsToldElsewhere)
        {
            errors.Add(property, exception.Describe(source!));
        }
        catch (TemplateSyntaxException)
        {
            // Of a partial in this one.
        }
    }

    private string Expand(TemplatePart part, string source, IReadOnlyList<string> within)
    {
        var expanded = new StringBuilder();
        int at = 0;
        foreach (var tag in TemplateScanner.Scan(source).Where(tag => tag.Sigil == '>'))
        {
            expanded.Append(source, at, tag.Start - at);
            expanded.Append(ExpandAt(tag, part, within));
            at = tag.End;
            if (expanded.Length > limits.MaxSourceLength)
            {
                throw new TemplateSyntaxException(
                    tag.Start,
                    $"with its partials this is longer than {limits.MaxSourceLength} characters"
                );
            }
        }

        return expanded.Append(source, at, source.Length - at).ToString();
    }

    private string ExpandAt(TemplateTag tag, TemplatePart part, IReadOnlyList<string> within)
    {
        string source = SourceOf(tag, part, within);
        try
        {
            return Expand(part, source, [.. within, tag.First]);
        }
        catch (TemplateSyntaxException exception)
        {
            // The place is where this source leads to the mistake. Partials are told of it themselves, but for a loop,
            // which is everybody's that it goes through.
            bool isOwnLoop = within.Count > 0 && exception.Loop == within[0];
            throw new TemplateSyntaxException(tag.Start, exception.Message)
            {
                Loop = exception.Loop,
                IsToldElsewhere = !isOwnLoop,
            };
        }
    }

    private string SourceOf(TemplateTag tag, TemplatePart part, IReadOnlyList<string> within)
    {
        string name = tag.First;
        if (within.Contains(name, StringComparer.Ordinal))
        {
            string way = string.Join(" > ", within.Append(name));
            throw new TemplateSyntaxException(tag.Start, $"partial '{name}' contains itself: {way}")
            {
                Loop = name,
                IsToldElsewhere = name != within[0],
            };
        }

        if (_misspelt.Contains(name))
        {
            throw new TemplateSyntaxException(tag.Start, $"partial '{name}' has a mistake") { IsToldElsewhere = true };
        }

        if (!partials.TryGetValue(name, out var partial))
        {
            string known = partials.Count == 0 ? "there are none" : $"there are {string.Join(", ", partials.Keys)}";
            throw new TemplateSyntaxException(tag.Start, $"there is no '{name}' under partials; {known}");
        }

        string needed = part == TemplatePart.Html ? "html" : "text";
        return partial.SourceFor(part)
            ?? throw new TemplateSyntaxException(tag.Start, $"partial '{name}' has no {needed}, which is needed here");
    }
}
