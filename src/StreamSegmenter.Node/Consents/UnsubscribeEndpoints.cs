using System.Globalization;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Segmentation.Consents;

namespace StreamSegmenter.Node.Consents;

/// <summary>
/// <c>/v1/unsubscribe/TOKEN</c>: POST, as mail programs send it for one click (RFC 8058), takes the consent back. GET
/// shows a page with a button that does so, and changes nothing, because filters follow links too.
/// </summary>
internal sealed class UnsubscribeEndpoints(
    UnsubscribeTokens tokens,
    ConsentLog log,
    Func<string> messageIds,
    TimeSpan retryAfter
)
{
    private const string Token = "token";
    private const string Path = $"/v1/unsubscribe/{{{Token}}}";
    private const string Origin = "link to unsubscribe";

    // Nothing of other sites is loaded, and nobody learns the token from the address.
    private const string ContentPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Path, [HttpMethods.Get], ShowAsync);
        endpoints.MapMethods(Path, [HttpMethods.Post], TakeAsync);
    }

    private Task ShowAsync(HttpContext http) =>
        ClaimOf(http) is null
            ? RefuseAsync(http)
            : AnswerAsync(
                http,
                StatusCodes.Status200OK,
                "Unsubscribe",
                "Do you want no more of these messages?",
                """<form method="post"><button type="submit">Unsubscribe</button></form>"""
            );

    private async Task TakeAsync(HttpContext http)
    {
        if (ClaimOf(http) is not { } claim)
        {
            await RefuseAsync(http);
            return;
        }

        var told = new ToldConsent(
            claim.Customer,
            claim.Channel,
            claim.Purpose,
            Granted: false,
            ConsentSource.Unsubscribe,
            Origin,
            PolicyVersion: null,
            At: null,
            messageIds()
        );
        if (await log.AppendAsync(told) == ConsentOutcome.Logged)
        {
            await AnswerAsync(
                http,
                StatusCodes.Status200OK,
                "You are unsubscribed",
                "You will get no more of these messages. What is on its way already may still arrive."
            );
            return;
        }

        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        await AnswerAsync(
            http,
            StatusCodes.Status503ServiceUnavailable,
            "Please try again",
            "This did not work just now. Please try again in a minute."
        );
    }

    private UnsubscribeClaim? ClaimOf(HttpContext http) =>
        http.Request.RouteValues[Token] is string token && tokens.TryRead(token, out UnsubscribeClaim? claim)
            ? claim
            : null;

    private static Task RefuseAsync(HttpContext http) =>
        AnswerAsync(
            http,
            StatusCodes.Status404NotFound,
            "This link is not complete",
            "Please copy the whole link from the message, or use the one in a newer message."
        );

    /// <param name="form">Markup, unlike the others.</param>
    private static Task AnswerAsync(HttpContext http, int status, string title, string text, string form = "")
    {
        HttpResponse response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex";
        return response.WriteAsync(
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{title}}</title>
            <style>
            body { font: 1.1em/1.5 sans-serif; max-width: 32em; margin: 4em auto; padding: 0 1em }
            button { font: inherit }
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>{{text}}</p>
            {{form}}
            </body>
            </html>

            """,
            http.RequestAborted
        );
    }
}
