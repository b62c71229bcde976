using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>
/// <c>type = zendesk</c>: a ticket per push. <see cref="HttpConnectorOptions.Url"/> is the account's address, such as
/// <c>https://example.zendesk.com</c>. Log in by <see cref="Email"/> and <see cref="ApiToken"/>, or by <see
/// cref="BearerToken"/>.
/// </summary>
public sealed class ZendeskOptions : HttpConnectorOptions
{
    public static readonly IReadOnlyList<string> Priorities = ["urgent", "high", "normal", "low"];

    /// <summary>The agent whose API token it is.</summary>
    public string? Email { get; set; }

    public Secret? ApiToken { get; set; }

    /// <summary>An OAuth access token.</summary>
    public Secret? BearerToken { get; set; }

    /// <summary>
    /// One of <see cref="Priorities"/>, or null for the account's default. A push's <c>priority</c> goes before.
    /// </summary>
    public string? Priority { get; set; }

    /// <summary>Tags of every ticket. Zendesk's tags hold no blanks.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>
    /// Whether the requester sees the ticket's text, and is sent it by Zendesk. Default false: a note for agents.
    /// </summary>
    public bool PublicComment { get; set; }

    /// <summary>
    /// Where the requester's address is in the push; tickets of customers without one have no requester. Default
    /// <c>profile.email</c>.
    /// </summary>
    public string RequesterEmail { get; set; } = "profile.email";

    /// <summary>
    /// Where the requester's name is in the push. Default <c>profile.name</c>; without a name the address stands for
    /// it.
    /// </summary>
    public string RequesterName { get; set; } = "profile.name";

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Subject, TemplatePart.Text];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        bool hasToken = ApiToken is { IsEmpty: false };
        bool hasBearer = BearerToken is { IsEmpty: false };
        errors.Require(
            hasToken != hasBearer,
            nameof(ApiToken),
            "give either api-token (with email) or bearer-token, and not both"
        );
        errors.Require(!hasToken || !string.IsNullOrEmpty(Email), nameof(Email), "is needed with api-token");
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

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ZendeskConnector(this, services);

    private static void CheckPriority(string? priority, string property, OptionErrors errors) =>
        errors.Require(
            priority is null || Priorities.Contains(priority, StringComparer.Ordinal),
            property,
            $"there is no priority '{priority}'; there are {string.Join(", ", Priorities)}"
        );
}
