using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.HttpApi;

/// <summary>
/// <c>type = http</c>: any system that takes JSON over HTTP. <see cref="HttpConnectorOptions.Url"/>, <see
/// cref="Headers"/> and <see cref="Body"/> are templates over the push's content, <c>push.id</c> and the rendered
/// <c>message</c>.
/// </summary>
public sealed class HttpApiOptions : HttpConnectorOptions
{
    private static readonly string[] Methods = ["DELETE", "PATCH", "POST", "PUT"];

    // What the transport writes itself; a second opinion on these is how requests are smuggled.
    private static readonly string[] OwnHeaders =
    [
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];

    /// <summary>POST, PUT, PATCH or DELETE. Default POST.</summary>
    public string Method { get; set; } = "POST";

    /// <summary>
    /// Names and values. A value may hold <c>{{push.id}}</c>; its fixed parts are treated as secrets.
    /// </summary>
    public IReadOnlyDictionary<string, Secret> Headers { get; set; } =
        new Dictionary<string, Secret>(StringComparer.Ordinal);

    /// <summary>Whom to log in as by HTTP Basic; null to send no such header.</summary>
    public string? Username { get; set; }

    public Secret? Password { get; set; }

    /// <summary>A document of JSON with <c>"{{value}}"</c> and <c>{{json value}}</c>. Empty: no body.</summary>
    public string Body { get; set; } = "";

    /// <summary>
    /// What answers mean; the first that fits holds. See <see cref="AnswerRule"/> for those that none fits.
    /// </summary>
    public IReadOnlyList<AnswerRule> Answers { get; set; } = [];

    /// <summary>
    /// Permits loopback, private and link-local addresses. Default false, so that no address reaches the inside.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    internal override AddressReach Reach => AllowPrivateAddresses ? AddressReach.Everywhere : AddressReach.Public;

    /// <summary>Whether what is asked for depends on the push.</summary>
    internal bool HasValuesInUrl => Url.Reveal().Contains("{{", StringComparison.Ordinal);

    /// <summary>The fixed words of the address behind the host, and of the headers.</summary>
    internal override IEnumerable<Secret> HiddenParts =>
        Headers.Values.Append(new(BehindHost(Url.Reveal()))).SelectMany(source => FixedWords.Of(source.Reveal()));

    /// <summary>The parts of the push's template that are written somewhere.</summary>
    internal override IReadOnlyList<TemplatePart> Parts =>
        [
            .. new[] { TemplatePart.Subject, TemplatePart.Text, TemplatePart.Html, TemplatePart.Chat }.Where(part =>
                Sources.Any(source => source.Contains($"message.{part.ToString().ToLowerInvariant()}"))
            ),
        ];

    private IEnumerable<string> Sources => [Url.Reveal(), Body, .. Headers.Values.Select(value => value.Reveal())];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(
            Methods.Contains(Method, StringComparer.Ordinal),
            nameof(Method),
            $"is none of {string.Join(", ", Methods)}"
        );
        errors.Require(
            string.IsNullOrEmpty(Username) == (Password is not { IsEmpty: false }),
            nameof(Password),
            "username and password go together"
        );
        CheckHost(errors);
        foreach (var (name, value) in Headers)
        {
            CheckHeader(name, value, errors);
        }

        for (int i = 0; i < Answers.Count; i++)
        {
            Answers[i].Check(i + 1, nameof(Answers), errors);
        }

        RequestTemplate.Compile(this, templates, errors);
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new HttpApiConnector(this, services);

    internal override string? DigestProblem(string template, TemplateSet templates) =>
        RequestTemplate.Compile(this, templates, new OptionErrors("")) is null or { NamesDigest: true } ? null
        : Parts.Count > 0 ? base.DigestProblem(template, templates)
        : "the body does not name digest, and would tell of the first push alone; write "
            + "{{json digest}}, or leave digest out";

    // A value may choose what is asked of the host, never the host.
    private void CheckHost(OptionErrors errors)
    {
        string url = Url.Reveal();
        int tag = url.IndexOf("{{", StringComparison.Ordinal);
        int host = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int path = host < 3 ? -1 : url.IndexOf('/', host);
        errors.Require(tag < 0 || (path >= 0 && path < tag), nameof(Url), "may hold values only after the host's /");
    }

    private static string BehindHost(string url)
    {
        int host = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = url.IndexOfAny(['/', '?'], host);
        return end < 0 ? "" : url[end..];
    }

    private void CheckHeader(string name, Secret value, OptionErrors errors)
    {
        using var request = new HttpRequestMessage();
        bool isName =
            !OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
            && request.Headers.TryAddWithoutValidation(name, "x");
        errors.Require(isName, nameof(Headers), $"'{SingleLine.Of(name)}' cannot be set");
        errors.Require(
            value.Reveal().All(c => c is >= ' ' and <= '~'),
            nameof(Headers),
            $"the value of '{SingleLine.Of(name)}' is not one line of ASCII"
        );
        bool isTwice = name.Equals("authorization", StringComparison.OrdinalIgnoreCase) && Username is not null;
        errors.Require(!isTwice, nameof(Headers), "Authorization is made of username and password");
    }
}
