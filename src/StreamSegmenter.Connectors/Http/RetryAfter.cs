using System.Globalization;
using System.Net.Http.Headers;

namespace StreamSegmenter.Connectors.Http;

/// <summary>Reads the Retry-After header, in seconds or as an HTTP date.</summary>
internal static class RetryAfter
{
    /// <summary>More is taken for a mistake of the other side and cut to this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.NonValidated.TryGetValues("Retry-After", out var values) && values.Count > 0
            ? Parse(values.ToString(), now)
            : null;

    public static TimeSpan? Parse(string value, DateTimeOffset now)
    {
        string trimmed = value.Trim();
        if (
            decimal.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
        )
        {
            return seconds >= (decimal)Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds((double)seconds);
        }

        if (!RetryConditionHeaderValue.TryParse(trimmed, out var parsed) || parsed.Date is not { } date)
        {
            return null;
        }

        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > Longest ? Longest
            : wait;
    }
}
