using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>
/// What policy's decisions on a customer's pushes mean for one connector. A pure function.
/// </summary>
/// <param name="One">What was decided on.</param>
/// <param name="Decisions">One for each push of it, in the same order.</param>
internal readonly record struct CustomerRuling(CustomerCase One, IReadOnlyList<PolicyDecision> Decisions, Timestamp Now)
{
    // What waits for something that no instant is known of is looked at again after this.
    private const long LookAgainMs = 60_000;

    // A decision to wait until an instant that is over would be asked for without end.
    private const long ShortestWaitMs = 1_000;

    /// <summary>
    /// The answer for a connector; what has to be recorded before it may be acted on is added to
    /// <paramref name="updates"/>. Pushes that policy lets out go in order: the first of them, and not before a retry
    /// of it is due. Those that wait, or end, are in nobody's way.
    /// </summary>
    public DeskAnswer For(ConnectorName connector, List<OutboxUpdate> updates)
    {
        List<(Push, OutboxUpdate)> ended = [];
        (PendingPush Pending, PolicyDecision.Send Decision)? first = null;
        Timestamp again = One.Cut.Contains(connector) ? Now.Plus(LookAgainMs) : Timestamp.Never;
        bool hasNext = false;
        for (int i = 0; i < One.Pending.Count; i++)
        {
            PendingPush pending = One.Pending[i];
            if (pending.Push.Connector != connector)
            {
                continue;
            }

            switch (Decisions[i])
            {
                case PolicyDecision.Drop drop:
                    End(pending.Push, new OutboxUpdate.Dropped(drop.Push, Now, drop.Reason), updates, ended);
                    break;
                case PolicyDecision.Wait wait:
                    again = Timestamp.Min(again, Defer(pending, wait, updates));
                    break;
                case PolicyDecision.Send send when first is null:
                    first = (pending, send);
                    break;
                default:
                    hasNext = true;
                    break;
            }
        }

        if (first is not { } next)
        {
            // What is to be merged into a push of which nothing is to be seen.
            return new(Go: null, hasNext ? Timestamp.Min(again, Now.Plus(LookAgainMs)) : again, ended);
        }

        Timestamp due = DueOf(next.Pending);
        return due > Now
            ? new(Go: null, Timestamp.Min(again, due), ended)
            : new(Grant(next.Pending, next.Decision, updates, ended), hasNext ? Now : again, ended);
    }

    // Once let out, its time is that of a retry; before, what policy made it wait for is over.
    private Timestamp DueOf(PendingPush pending) => pending.GrantedAt is null ? Now : pending.DueAt;

    private Timestamp Defer(PendingPush pending, PolicyDecision.Wait wait, List<OutboxUpdate> updates)
    {
        Timestamp until = Timestamp.Max(wait.Until, Now.Plus(ShortestWaitMs));
        if (pending.GrantedAt is not null && pending.DueAt >= until)
        {
            return pending.DueAt;
        }

        if (pending.NotBefore != until)
        {
            updates.Add(new OutboxUpdate.Deferred(wait.Push, until, Now, wait.Reason));
        }

        return until;
    }

    private PendingPush Grant(
        PendingPush first,
        PolicyDecision.Send send,
        List<OutboxUpdate> updates,
        List<(Push Push, OutboxUpdate End)> ended
    )
    {
        if (first.GrantedAt is not null)
        {
            return first;
        }

        // The bytes of a push are fixed by its first attempt, and what was let out may have reached the customer.
        List<ReadOnlyMemory<byte>> parts = [];
        for (int i = 0; i < One.Pending.Count; i++)
        {
            PendingPush pending = One.Pending[i];
            if (
                Decisions[i] is PolicyDecision.Merge merge
                && merge.Into == send.Push
                && pending.Push.Connector == first.Push.Connector
                && pending.GrantedAt is null
            )
            {
                parts.Add(pending.Push.Content);
                End(pending.Push, new OutboxUpdate.Merged(merge.Push, merge.Into, Now, merge.Reason), updates, ended);
            }
        }

        ReadOnlyMemory<byte>? content =
            parts.Count == 0 ? default(ReadOnlyMemory<byte>?) : PushDigest.Write(first.Push.Content, parts);
        updates.Add(new OutboxUpdate.Granted(send.Push, send.Purpose, Now, send.Reason) { Content = content });
        return first with { GrantedAt = Now, Push = first.Push with { Content = content ?? first.Push.Content } };
    }

    private static void End(
        Push push,
        OutboxUpdate end,
        List<OutboxUpdate> updates,
        List<(Push Push, OutboxUpdate End)> ended
    )
    {
        updates.Add(end);
        ended.Add((push, end));
    }
}
