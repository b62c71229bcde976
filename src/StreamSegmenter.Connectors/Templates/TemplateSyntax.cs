using NodaTime;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Checks a template's source before it is compiled, so that mistakes show at start and not with the first push.
/// </summary>
internal sealed class TemplateSyntax(TemplatePart part, string source, int maxDepth)
{
    private static readonly string[] Blocks = ["if", "unless", "each", "with"];

    private static readonly string[] Roots =
    [
        PushContent.Customer,
        PushContent.Profile,
        PushContent.Segment,
        PushContent.Event,
        PushContent.Transition,
        PushContent.Options,
        PushContent.Digest,
        RequestModel.Unsubscribe,
    ];

    // Of the others, customers and configurations decide what is in them.
    private static readonly Dictionary<string, string[]> KnownMembers = new(StringComparer.Ordinal)
    {
        [PushContent.Segment] = ["name", "description"],
        [PushContent.Transition] = ["kind", "at", "cause", "number", "messageId"],
    };

    private static readonly string[] RequestRoots = [.. Roots, RequestModel.Push, RequestModel.Message];

    private readonly JsonPlaces? _places = part is TemplatePart.Json or TemplatePart.Blocks ? new(source) : null;

    private readonly bool _isRequest =
        part is TemplatePart.Json or TemplatePart.Blocks or TemplatePart.Url or TemplatePart.Header;

    private readonly Stack<TemplateTag> _open = new();
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>The paths of values, such as <c>profile.email</c>, that the checked source names.</summary>
    public IReadOnlySet<string> Paths => _paths;

    /// <summary>Returns if there is nothing to complain of.</summary>
    /// <exception cref="TemplateSyntaxException">The first mistake.</exception>
    public void Check()
    {
        foreach (var tag in TemplateScanner.Scan(source))
        {
            Check(tag);
        }

        if (_open.TryPeek(out var unclosed))
        {
            throw new TemplateSyntaxException(
                unclosed.Start,
                $"{{{{#{unclosed.First}}}}} has no {{{{/{unclosed.First}}}}}"
            );
        }
    }

    private void Check(TemplateTag tag)
    {
        _places?.Check(tag);
        switch (tag.Sigil)
        {
            case '!':
                break;
            case '{' or '&':
                throw At(tag, "unescaped output is not allowed, since values come from customers; write {{...}}");
            case '>':
                Partial(tag);
                break;
            case '*':
                throw At(tag, "decorators are not supported");
            case '#':
                Open(tag);
                break;
            case '/':
                Close(tag);
                break;
            case '^' when tag.Words.Count > 0:
                throw At(tag, "inverse sections are not supported; write {{#unless ...}}");
            case '^':
                Else(tag);
                break;
            default:
                if (tag.First == "else")
                {
                    Else(tag);
                }
                else
                {
                    Output(tag);
                }

                break;
        }
    }

    private void Partial(TemplateTag tag)
    {
        if (_isRequest)
        {
            throw At(tag, "partials are for templates, and not for what is sent as it is written here");
        }

        if (tag.Words.Count != 1 || tag.First is "(" or ")" || tag.First[0] is '"' or '\'')
        {
            throw At(tag, "a partial is its name alone, as in {{> footer}}");
        }

        if (_open.Any(block => block.First is "each" or "with"))
        {
            throw At(tag, "a partial sees the push and no item of it: put it outside of 'each' and 'with'");
        }
    }

    private void Open(TemplateTag tag)
    {
        if (!Blocks.Contains(tag.First))
        {
            throw At(tag, $"there is no block '{tag.First}'; there are {string.Join(", ", Blocks)}");
        }

        if (tag.Words.Count < 2)
        {
            throw At(tag, $"{{{{#{tag.First}}}}} needs a value, as in {{{{#{tag.First} profile.name}}}}");
        }

        Arguments(tag, 1);
        _open.Push(tag);
        if (_open.Count > maxDepth)
        {
            throw At(tag, $"blocks are nested deeper than {maxDepth}");
        }
    }

    private void Close(TemplateTag tag)
    {
        if (!_open.TryPop(out var open))
        {
            throw At(tag, $"{{{{/{tag.First}}}}} closes nothing");
        }

        if (open.First != tag.First)
        {
            throw At(tag, $"{{{{/{tag.First}}}}} stands where {{{{/{open.First}}}}} should");
        }
    }

    private void Else(TemplateTag tag)
    {
        if (_open.Count == 0)
        {
            throw At(tag, "{{else}} stands outside of a block");
        }

        if (tag.Words.Count > 1)
        {
            if (!Blocks.Contains(tag.Words[1]) || tag.Words.Count < 3)
            {
                throw At(tag, "after 'else' only a block such as 'if profile.name' may follow");
            }

            Arguments(tag, 2);
        }
    }

    private void Output(TemplateTag tag)
    {
        if (tag.Words.Count == 0)
        {
            throw At(tag, "this tag is empty");
        }

        if (part == TemplatePart.Html && HtmlAddress.EndsWithOne(source.AsSpan(0, tag.Start)))
        {
            throw At(tag, "a value may not begin an address: it could be 'javascript:...'; begin it with https://...");
        }

        if (tag.Words.Count > 1 || TemplateFunctions.Names.Contains(tag.First))
        {
            Call(tag, 0);
        }

        bool isCall = tag.Words.Count > 1;
        Arguments(tag, isCall ? 1 : 0);
        if (isCall)
        {
            CheckCount(tag, 0);
        }
    }

    private void Call(TemplateTag tag, int at)
    {
        string name = tag.Words[at];
        if (!TemplateFunctions.Names.Contains(name))
        {
            var here = TemplateFunctions.Names.Where(known =>
                known != TemplateFunctions.Json || part == TemplatePart.Json
            );
            string names = string.Join(", ", here.Order(StringComparer.Ordinal));
            throw At(tag, $"there is no function '{name}'; there are {names}");
        }

        if (name == TemplateFunctions.Json && part != TemplatePart.Json)
        {
            throw At(tag, "'json' is for bodies of JSON");
        }

        if (at + 1 >= tag.Words.Count || tag.Words[at + 1] == ")")
        {
            throw At(tag, $"'{name}' needs a value, as in {{{{{name} profile.{name}}}}}");
        }
    }

    private void Arguments(TemplateTag tag, int from)
    {
        int depth = 0;
        for (int at = from; at < tag.Words.Count && !(depth == 0 && tag.Words[at] == "as"); at++)
        {
            string word = tag.Words[at];
            depth += word switch
            {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            if (depth < 0)
            {
                throw At(tag, "a ')' has no '('");
            }

            if (word == "(")
            {
                Call(tag, at + 1 < tag.Words.Count ? ++at : throw At(tag, "a '(' has no ')'"));
            }
            else if (word != ")")
            {
                Path(tag, word);
            }
        }

        if (depth > 0)
        {
            throw At(tag, "a '(' has no ')'");
        }

        for (int at = from + 1; at < tag.Words.Count; at++)
        {
            if (tag.Words[at - 1] == "(")
            {
                CheckCount(tag, at);
            }
        }
    }

    /// <summary>Counts what a function is given, in a tag whose parentheses are known to match.</summary>
    private static void CheckCount(TemplateTag tag, int function)
    {
        int given = 0;
        int depth = 0;
        for (int at = function + 1; at < tag.Words.Count && depth >= 0; at++)
        {
            string word = tag.Words[at];
            given += depth == 0 && word != ")" && !IsNamed(word) ? 1 : 0;
            depth += word switch
            {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
        }

        if (TemplateFunctions.CountMistake(tag.Words[function], given) is { } mistake)
        {
            throw At(tag, mistake);
        }
    }

    private static bool IsNamed(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) > 0 && char.IsLetter(word[0]);

    private void Path(TemplateTag tag, string word)
    {
        if (IsNamed(word))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            Named(tag, word[..equals], word[(equals + 1)..]);
            return;
        }

        _paths.Add(word);

        // Inside of each and with, names are those of the data.
        bool isTopLevel = !_open.Any(block => block.First is "each" or "with");
        bool isPath = char.IsLetter(word[0]) && word is not ("true" or "false" or "this" or "null" or "undefined");
        if (!isTopLevel || !isPath || word.StartsWith("this.", StringComparison.Ordinal))
        {
            return;
        }

        string root = word.Split('.', '/')[0];
        string[] roots = part is TemplatePart.Json or TemplatePart.Url or TemplatePart.Header ? RequestRoots : Roots;
        if (!roots.Contains(root))
        {
            throw At(tag, $"there is no '{root}'; a push has {string.Join(", ", roots)}");
        }

        string[] path = word.Split('.', '/');
        if (path.Length > 1 && KnownMembers.TryGetValue(root, out string[]? members) && !members.Contains(path[1]))
        {
            throw At(tag, $"there is no '{root}.{path[1]}'; there are {string.Join(", ", members)}");
        }
    }

    private void Named(TemplateTag tag, string name, string value)
    {
        if (name != TemplateFunctions.Zone || !tag.Words.Contains("date", StringComparer.Ordinal))
        {
            throw At(tag, $"'{name}=' means nothing here; 'date' knows zone=\"Europe/Berlin\"");
        }

        if (value.Length == 0)
        {
            throw At(tag, "'zone=' needs a time zone right behind it, as in zone=\"Europe/Berlin\"");
        }

        if (value[0] is not ('"' or '\''))
        {
            Path(tag, value);
        }
        else if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(value.Trim(value[0])) is null)
        {
            throw At(tag, $"there is no time zone {value}; write e.g. zone=\"Europe/Berlin\"");
        }
    }

    private static TemplateSyntaxException At(TemplateTag tag, string message) => new(tag.Start, message);
}
