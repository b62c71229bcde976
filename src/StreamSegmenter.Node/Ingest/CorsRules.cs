using Microsoft.Extensions.Primitives;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// Lets pages of the allowed origins send events. The write key travels in the body or in a header that the page sets
/// itself, never in a cookie, so any origin may be allowed without lending anybody a visitor's rights.
/// </summary>
internal sealed class CorsRules(IReadOnlyList<string> origins)
{
    private const string PreflightSeconds = "86400";

    private readonly bool _anyOrigin = origins.Contains("*", StringComparer.Ordinal);

    /// <summary>Sets the headers that let the page read the answer; false when it may not.</summary>
    public bool Apply(HttpContext http)
    {
        string? origin = http.Request.Headers.Origin;
        IHeaderDictionary headers = http.Response.Headers;
        if (_anyOrigin)
        {
            headers.AccessControlAllowOrigin = "*";
        }
        else
        {
            headers.Vary = "Origin";
            if (origin is null || !origins.Contains(origin, StringComparer.Ordinal))
            {
                return false;
            }

            headers.AccessControlAllowOrigin = origin;
        }

        headers.AccessControlExposeHeaders = "Retry-After";
        return true;
    }

    /// <summary>Answers a browser that asks before it posts.</summary>
    public void AnswerPreflight(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (!Apply(http))
        {
            return;
        }

        IHeaderDictionary headers = http.Response.Headers;
        StringValues asked = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = asked.Count == 1 ? asked : "Authorization, Content-Type";
        headers.AccessControlMaxAge = PreflightSeconds;
    }
}
