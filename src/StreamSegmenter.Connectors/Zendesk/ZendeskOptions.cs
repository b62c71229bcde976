using System.Net.Http.Headers;
using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Zendesk;

/// <summary>
/// <c>type = zendesk</c>: tickets in Zendesk. <see cref="HttpConnectorOptions.Url"/> is the account's address, such as
/// <c>https://example.zendesk.com</c>. Log in by <see cref="Email"/> and <see cref="ApiToken"/>, or by <see
/// cref="BearerToken"/>.
/// </summary>
public sealed class ZendeskOptions : HelpdeskOptions
{
    /// <summary>The agent whose API token it is.</summary>
    public string? Email { get; set; }

    public Secret? ApiToken { get; set; }

    /// <summary>An OAuth access token.</summary>
    public Secret? BearerToken { get; set; }

    internal override TimeSpan UsualKeyLifetime => TimeSpan.FromHours(2);

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
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services)
    {
        var login = Login();
        return new HelpdeskConnector(
            this,
            services,
            new ZendeskTickets(new HelpdeskCalls(this, login)),
            new Secret(login.Parameter),
            ApiToken ?? default,
            BearerToken ?? default
        );
    }

    private AuthenticationHeaderValue Login() =>
        BearerToken is { IsEmpty: false } bearer
            ? HttpLogin.Bearer(bearer)
            : HttpLogin.Basic($"{Email}/token", ApiToken);
}
