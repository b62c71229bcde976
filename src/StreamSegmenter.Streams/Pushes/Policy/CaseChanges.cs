namespace StreamSegmenter.Streams.Pushes.Policy;

internal static class CaseChanges
{
    /// <summary>The case as it will be read once policy's updates are stored.</summary>
    public static CustomerCase After(this CustomerCase one, IReadOnlyList<OutboxUpdate> updates)
    {
        if (updates.Count == 0)
        {
            return one;
        }

        var changes = updates.ToDictionary(static update => update.Id);
        List<PendingPush> pending = [];
        List<Grant> grants = [.. one.Facts.Grants];
        HashSet<PushId> unsent = [.. one.Facts.Unsent];
        foreach (PendingPush push in one.Pending)
        {
            switch (changes.GetValueOrDefault(push.Push.Id))
            {
                case OutboxUpdate.Granted grant:
                    pending.Add(push with { GrantedAt = grant.At });
                    grants.Add(new(grant.Id, push.Push.Connector, grant.Purpose, grant.At));
                    break;
                case OutboxUpdate.Deferred wait:
                    pending.Add(push with { NotBefore = wait.Until });
                    break;
                case OutboxUpdate.Dropped when push is { UnknownAt: null, Push.Attempts: 0 }:
                    unsent.Add(push.Push.Id);
                    break;
                case null:
                    pending.Add(push);
                    break;
            }
        }

        return one with
        {
            Facts = one.Facts with { Grants = grants, Unsent = unsent },
            Pending = pending,
        };
    }
}
