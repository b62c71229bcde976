using System.Net.Http.Headers;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.RequestTracker;

/// <summary>
/// <c>type = request-tracker</c>: tickets in Request Tracker 5, by REST2. <see cref="HttpConnectorOptions.Url"/> is the
/// server's address, such as <c>https://rt.example.com</c>. Log in by <see cref="Token"/>, or by <see cref="Username"/>
/// and <see cref="Password"/>.
/// </summary>
public sealed class RequestTrackerOptions : HelpdeskOptions
{
    /// <summary>The queue for new tickets. Required.</summary>
    public string Queue { get; set; } = "";

    /// <summary>
    /// A custom field of the queue's tickets that takes one text and is this connector's alone: it tells whose ticket
    /// it is and which push came last. Request Tracker ignores a field that it does not know, and every push then makes
    /// a ticket. Required.
    /// </summary>
    public string ExternalIdField { get; set; } = "";

    /// <summary>A custom field for the tags, which takes several texts; null for tickets without tags.</summary>
    public string? TagsField { get; set; }

    public Secret? Token { get; set; }

    public string? Username { get; set; }

    public Secret? Password { get; set; }

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(IsName(Queue), nameof(Queue), "needs the name of a queue, without quotes, braces, backslashes");
        errors.Require(
            IsName(ExternalIdField),
            nameof(ExternalIdField),
            "needs the name of a custom field, without quotes, braces, backslashes"
        );
        errors.Require(Tags.Count == 0 || !string.IsNullOrEmpty(TagsField), nameof(TagsField), "is needed with tags");
        bool hasPassword = Password is { IsEmpty: false };
        errors.Require(
            Token is { IsEmpty: false } != hasPassword && hasPassword == !string.IsNullOrEmpty(Username),
            nameof(Token),
            "give either token, or username and password"
        );
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services)
    {
        var login = Token is { IsEmpty: false } token
            ? new AuthenticationHeaderValue("token", token.Reveal())
            : HttpLogin.Basic(Username!, Password);
        var tickets = new RequestTrackerTickets(this, new HelpdeskCalls(this, login));
        return new HelpdeskConnector(this, services, tickets, new Secret(login.Parameter), Password ?? default);
    }

    private static bool IsName(string text) => text.Length > 0 && text.IndexOfAny(['\'', '"', '{', '}', '\\']) < 0;
}
