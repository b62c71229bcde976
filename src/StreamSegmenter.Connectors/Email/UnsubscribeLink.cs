using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// The headers by which mail programs offer to unsubscribe (RFC 2369), with one click (RFC 8058). The address is a
/// template of an https URL, in which values stand after the host.
/// </summary>
internal sealed class UnsubscribeLink
{
    public const string Header = "List-Unsubscribe";
    public const string PostHeader = "List-Unsubscribe-Post";
    public const string OneClick = "List-Unsubscribe=One-Click";

    private const int MaxLength = 900; // a line of mail has 998

    private readonly CompiledPart _url;

    private UnsubscribeLink(CompiledPart url) => _url = url;

    /// <summary>Null if there is no source, or an error in it, which is added.</summary>
    public static UnsubscribeLink? Compile(string? source, TemplateSet templates, string property, OptionErrors errors)
    {
        if (source is null)
        {
            return null;
        }

        int path = source.StartsWith("https://", StringComparison.Ordinal) ? source.IndexOf('/', 8) : -1;
        int tag = source.IndexOf("{{", StringComparison.Ordinal);
        bool isRight = path > 8 && (tag < 0 || tag > path) && source.All(c => c is > ' ' and <= '~' || tag >= 0);
        errors.Require(isRight, property, "needs an address such as https://example.com/unsubscribe/{{push.id}}");
        var url = templates.Compile(TemplatePart.Url, source, property, errors);
        return isRight && url is not null ? new UnsubscribeLink(url) : null;
    }

    /// <summary>Adds an error if the link needs a token and nobody makes one.</summary>
    public static void CheckTokens(string? source, UnsubscribeTokens? tokens, string property, OptionErrors errors) =>
        errors.Require(
            tokens is not null || source?.Contains("unsubscribe.token", StringComparison.Ordinal) != true,
            property,
            "needs unsubscribe.secret, with which unsubscribe.token is made"
        );

    /// <summary>The value of <see cref="Header"/>, brackets included.</summary>
    public bool TryRender(
        Push push,
        PushPayload payload,
        [NotNullWhen(true)] out string? value,
        [NotNullWhen(false)] out DeliveryResult? refusal,
        CancellationToken cancellationToken
    )
    {
        value = null;
        using var data = RequestModel.Create(push.Id, payload.Root, []);
        if (!_url.TryRender("The unsubscribe-url", data.RootElement, out string? url, out refusal, cancellationToken))
        {
            return false;
        }

        bool isRight = url.Length <= MaxLength && url.All(c => c is > ' ' and <= '~' and not ('<' or '>'));
        value = isRight ? $"<{url}>" : null;
        refusal = isRight ? null : DeliveryResult.Unsendable("The push's values make no proper unsubscribe-url.");
        return isRight;
    }
}
