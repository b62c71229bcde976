using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.State;

/// <summary>
/// What holds of all that a customer ever said: for each channel and purpose the newest by (at, position). A refusal
/// without a purpose also refuses every purpose of its channel that was told before, by an earlier event; a grant
/// without one grants none of them.
/// </summary>
public static class CurrentConsents
{
    /// <summary>Ordered by (channel, purpose).</summary>
    /// <param name="history">Of one customer, in any order. Of statements that differ in time alone (same channel,
    /// purpose and answer) the newest is enough.</param>
    public static IReadOnlyList<Consent> Of(IEnumerable<ConsentRecord> history)
    {
        SortedDictionary<(string Channel, string Purpose), Consent> current = new(KeyOrder.Instance);
        IEnumerable<ConsentRecord> inOrder = history
            .OrderBy(said => said.Statement.At)
            .ThenBy(said => said.Position)
            .ThenBy(said => said.Statement.Purpose is not null);
        foreach (ConsentRecord record in inOrder)
        {
            ConsentStatement said = record.Statement;
            if (said.Channel.Length == 0)
            {
                current.Clear();
                continue;
            }

            if (said is { Purpose: null, Granted: false })
            {
                Refuse(current, said.Channel, said.At);
            }

            (string, string) key = (said.Channel, said.Purpose ?? "");
            if (said.Granted is { } granted)
            {
                current[key] = new(said.Channel, said.Purpose, granted, said.At);
            }
            else
            {
                current.Remove(key);
            }
        }

        return [.. current.Values];
    }

    private static void Refuse(
        SortedDictionary<(string Channel, string Purpose), Consent> current,
        string channel,
        Timestamp at
    )
    {
        (string, string)[] purposes = [.. current.Keys.Where(key => key.Channel == channel)];
        foreach ((string, string) key in purposes)
        {
            current[key] = current[key] with { Granted = false, At = at };
        }
    }

    private sealed class KeyOrder : IComparer<(string Channel, string Purpose)>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare((string Channel, string Purpose) x, (string Channel, string Purpose) y)
        {
            int order = string.CompareOrdinal(x.Channel, y.Channel);
            return order != 0 ? order : string.CompareOrdinal(x.Purpose, y.Purpose);
        }
    }
}
