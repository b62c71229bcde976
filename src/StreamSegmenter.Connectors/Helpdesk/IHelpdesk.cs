using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Helpdesk;

/// <summary>How one helpdesk is asked, and what its answers mean. Thread-safe.</summary>
internal interface IHelpdesk
{
    /// <summary>Asks for the tickets of the thread.</summary>
    HttpCall Find(Ticket ticket);

    /// <summary>
    /// The tickets in the answer, newest first. Throws <see cref="InvalidOperationException"/> or
    /// <see cref="KeyNotFoundException"/> if it is not what <see cref="Find"/> asked for.
    /// </summary>
    IEnumerable<FoundTicket> Read(JsonElement answer, Ticket ticket);

    /// <summary>The same bytes for the same ticket.</summary>
    HttpCall Create(Ticket ticket);

    /// <summary>
    /// Adds the text to a ticket and leaves the push's mark: in one call if the helpdesk has one for both, or else in
    /// this order. What may be done twice comes first.
    /// </summary>
    IReadOnlyList<HttpCall> Update(Ticket ticket, FoundTicket found);

    DeliveryResult Classify(HttpAnswer answer);
}
