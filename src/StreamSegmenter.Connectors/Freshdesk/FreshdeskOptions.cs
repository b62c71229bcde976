using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Freshdesk;

/// <summary>
/// <c>type = freshdesk</c>: tickets in Freshdesk. <see cref="HttpConnectorOptions.Url"/> is the account's address, such
/// as <c>https://example.freshdesk.com</c>.
/// </summary>
public sealed class FreshdeskOptions : HelpdeskOptions
{
    private const int MaxTagLength = 32;

    /// <summary>The key of an agent. Required.</summary>
    public Secret ApiKey { get; set; }

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(!ApiKey.IsEmpty, nameof(ApiKey), "needs the API key of an agent");
        foreach (string tag in Tags.Where(tag => tag.Length > MaxTagLength))
        {
            errors.Add(nameof(Tags), $"'{tag}' is longer than {MaxTagLength} characters");
        }
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services)
    {
        var login = HttpLogin.Basic(ApiKey.Reveal(), new Secret("X"));
        var tickets = new FreshdeskTickets(new HelpdeskCalls(this, login));
        return new HelpdeskConnector(this, services, tickets, new Secret(login.Parameter), ApiKey);
    }
}
