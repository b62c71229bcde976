using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Helpdesk;

/// <summary>The settings that all helpdesks share: one open ticket per customer and segment.</summary>
public abstract class HelpdeskOptions : HttpConnectorOptions
{
    public static readonly IReadOnlyList<string> Priorities = ["urgent", "high", "normal", "low"];

    /// <summary>
    /// One of <see cref="Priorities"/>, or null for the helpdesk's default. A push's <c>priority</c> goes before.
    /// </summary>
    public string? Priority { get; set; }

    /// <summary>Tags of every ticket. They hold no blanks.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>
    /// Whether the requester sees the ticket's text, and may be sent it by the helpdesk. Default false: a note for
    /// agents.
    /// </summary>
    public bool PublicComment { get; set; }

    /// <summary>
    /// Where the requester's address is in the push; customers without one get tickets all the same. Default
    /// <c>profile.email</c>.
    /// </summary>
    public string RequesterEmail { get; set; } = "profile.email";

    /// <summary>
    /// Where the requester's name is in the push. Default <c>profile.name</c>; without a name the address stands for
    /// it.
    /// </summary>
    public string RequesterName { get; set; } = "profile.name";

    public override IReadOnlyList<string> EntryKeys => [PushKeys.Template, PushKeys.Priority];

    internal override string? ReceiverPath => RequesterEmail;

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Subject, TemplatePart.Text];

    internal override string UsualChannel => "helpdesk";

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        CheckPriority(Priority, nameof(Priority), errors);
        foreach (string tag in Tags.Where(tag => tag.Length == 0 || tag.Any(char.IsWhiteSpace)))
        {
            errors.Add(nameof(Tags), $"'{tag}' is no tag: a tag is not empty and holds no blanks");
        }
    }

    internal override void CheckPush(
        IReadOnlyDictionary<string, string> push,
        OptionErrors errors,
        TemplateSet templates
    )
    {
        base.CheckPush(push, errors, templates);
        CheckPriority(push.GetValueOrDefault(PushKeys.Priority), PushKeys.Priority, errors);
    }

    /// <summary>An address below <see cref="HttpConnectorOptions.Url"/>.</summary>
    internal Uri Below(string path) => new($"{Url.Reveal().TrimEnd('/')}/{path}");

    private static void CheckPriority(string? priority, string property, OptionErrors errors) =>
        errors.Require(
            priority is null || Priorities.Contains(priority, StringComparer.Ordinal),
            property,
            $"there is no priority '{priority}'; there are {string.Join(", ", Priorities)}"
        );
}
