using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Consents;

/// <summary>Takes the consents of an event into a customer's traits, and tells them.</summary>
internal sealed class ConsentWriter(IConsentSink? sink)
{
    private readonly List<ConsentChoice> _choices = [];
    private readonly List<string> _changed = [];

    /// <summary>What of the last event could not be read, and why; null when all could.</summary>
    public string? Mistake { get; private set; }

    /// <summary>
    /// Of a <see cref="ConsentEvent"/>. Returns the names of the traits that changed, valid until the next call.
    /// </summary>
    public IReadOnlyList<string> WriteEvent(CustomerState customer, EventView view, Timestamp at, Timestamp now)
    {
        _choices.Clear();
        Mistake = ConsentReading.ReadEvent(view, _choices);
        return Write(customer, view, at, now);
    }

    /// <summary>As <see cref="WriteEvent"/>, of an identify with the trait <c>consent</c>.</summary>
    public IReadOnlyList<string> WriteTrait(
        CustomerState customer,
        EventView view,
        JsonCursor consent,
        Timestamp at,
        Timestamp now
    )
    {
        _choices.Clear();
        Mistake = ConsentReading.ReadTrait(consent, _choices);
        return Write(customer, view, at, now);
    }

    private List<string> Write(CustomerState customer, EventView view, Timestamp at, Timestamp now)
    {
        _changed.Clear();
        foreach (ConsentChoice choice in _choices)
        {
            ConsentTraits.Say(customer.Traits, choice, at, _changed);
            sink?.OnConsent(
                new(
                    customer.Id,
                    choice.Channel,
                    choice.Purpose,
                    choice.Granted,
                    at,
                    now,
                    ConsentReading.SourceOf(view),
                    ConsentReading.Detail(view, "source"u8),
                    ConsentReading.Detail(view, "policyVersion"u8),
                    view.MessageId.IsMissing ? null : view.MessageId.GetString()
                )
            );
        }

        return _changed;
    }
}
