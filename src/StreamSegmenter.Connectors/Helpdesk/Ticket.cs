using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Helpdesk;

/// <summary>What a push has to say in a helpdesk.</summary>
/// <param name="Thread">Names the customer and segment, whose pushes share a ticket.</param>
/// <param name="Mark">Names the push, by which a helpdesk shows that it has it.</param>
internal sealed record Ticket(
    PushId Id,
    string Thread,
    string Mark,
    string Customer,
    string Subject,
    string Text,
    bool IsPublic,
    string? Priority,
    IReadOnlyList<string> Tags,
    string? RequesterName,
    string? RequesterEmail
)
{
    // Short enough to be tags everywhere.
    private const int Digits = 24;

    public static string ThreadOf(string customer, string segment)
    {
        string source = string.Create(CultureInfo.InvariantCulture, $"{customer.Length}:{customer}\n{segment}");
        return "seg-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..Digits];
    }

    public static string MarkOf(PushId push) => "push-" + push.Value[..Digits];

    /// <summary>The tags with those that a ticket has already, each once.</summary>
    public IEnumerable<string> TagsWith(IEnumerable<string> others) =>
        others.Concat(Tags).Append(Mark).Distinct(StringComparer.Ordinal);
}

/// <summary>A ticket that the helpdesk has for the same customer and segment.</summary>
/// <param name="IsOpen">Whether it is still worked on; else another one is begun.</param>
/// <param name="HasPush">Whether an earlier attempt left the push's mark.</param>
/// <param name="Version">What tells whether it was changed since, if the helpdesk has that.</param>
internal sealed record FoundTicket(
    string Id,
    bool IsOpen,
    bool HasPush,
    IReadOnlyList<string> Tags,
    string? Version = null
);
