using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Works a shard out again from its whole log, because stored customers are only readable under the definitions that
/// wrote them. Muted up to the last committed effect, but for consents, which the store takes only once; there
/// memberships that came out differently are corrected. A crash at any point starts it again, and finds what was
/// corrected already agreeing. A new shard is the simplest case: nothing to replay.
/// </summary>
internal sealed class ShardRebuild(ShardParts parts)
{
    private const int CustomersPerCommit = 500;

    private readonly SegmentationShard _shard = parts.Shard;
    private readonly ShardServices _services = parts.Services;

    /// <summary>Returns where the shard goes on. All of its customers are in memory then, and stored.</summary>
    /// <exception cref="LogBeginningLostException">The log does not hold all that is needed.</exception>
    public async ValueTask<ShardStart> RunAsync(ShardStart start, Action<LogPosition> progress, CancellationToken stop)
    {
        LogPosition target = LogPosition.Max(start.EffectsPosition, start.CheckpointPosition);
        LogRange range = await _services.Log.GetRangeAsync(start.Lease.Shard.Partition, stop);
        if (target == LogPosition.Start)
        {
            target = range.Earliest;
        }
        else if (range.Earliest > LogPosition.Start)
        {
            throw new LogBeginningLostException(start.Lease.Shard, range);
        }
        else
        {
            await ForgetDefinitionsAsync(start);
            await ReplayAsync(start, target, progress, stop);
            await ReconcileAsync(start, target, stop);
        }

        return await StoreAsync(start, target);
    }

    // From here on the stored customers belong to no definitions: going back to the former ones needs a rebuild as
    // well.
    private async ValueTask ForgetDefinitionsAsync(ShardStart start)
    {
        var checkpoint = new Checkpoint(start.CheckpointPosition, start.Now, "", []);
        await CommitAsync(start.Lease, checkpoint);
    }

    private async ValueTask ReplayAsync(
        ShardStart start,
        LogPosition target,
        Action<LogPosition> progress,
        CancellationToken stop
    )
    {
        parts.Effects.Muted = true;
        parts.Effects.RepeatsConsents = true;
        TickReplay ticks = new(start.Ticks);
        LogPosition position = LogPosition.Start;
        while (position < target)
        {
            LogBatch batch = await _services.Log.ReadAsync(
                start.Lease.Shard.Partition,
                position,
                parts.Options.BatchRecords,
                parts.Options.TickInterval,
                stop
            );
            foreach (LogRecord record in batch.Records.TakeWhile(record => record.Position < target))
            {
                Repeat(ticks, record.Position);
                parts.Effects.Position = record.Position;
                parts.Tally.Add(parts.Apply(record));
            }

            batch.Release();
            position = LogPosition.Min(batch.Next, target);
            if (parts.Effects.AreMany || (position == target && parts.Effects.Any))
            {
                await _services.CommitAsync(start.Lease, parts.Effects.Take(start.EffectsPosition));
            }

            progress(position);
        }

        parts.Effects.RepeatsConsents = false;

        // Ticks before the checkpoint are not kept; the checkpoint's clock tells how far the last of them went.
        Repeat(ticks, target);
        AdvanceTo(start.Now);
    }

    private void Repeat(TickReplay ticks, LogPosition next)
    {
        for (; ticks.TryPeek(next, out Timestamp now); ticks.Advance())
        {
            AdvanceTo(now);
        }
    }

    // Whether or not a tick fires anything under these definitions: no correction may be earlier than a committed one.
    private void AdvanceTo(Timestamp now)
    {
        _shard.AdvanceBefore(now);
        _shard.Resume(now);
    }

    private async ValueTask ReconcileAsync(ShardStart start, LogPosition target, CancellationToken stop)
    {
        parts.Effects.Muted = false;
        foreach (CustomerId[] customers in _shard.Residents.Order().Chunk(CustomersPerCommit))
        {
            ILookup<CustomerId, Transition> history = (
                await _services.Memberships.GetHistoryAsync(customers, stop)
            ).ToLookup(transition => transition.Customer);
            foreach (CustomerId customer in customers)
            {
                _shard.Reconcile(customer, history[customer]);
            }

            if (parts.Effects.Any)
            {
                await _services.CommitAsync(start.Lease, parts.Effects.Take(target));
            }
        }
    }

    private async ValueTask<ShardStart> StoreAsync(ShardStart start, LogPosition target)
    {
        string definitions = parts.Rules.Fingerprint;
        var checkpoint = new Checkpoint(target, _shard.Now, definitions, Checkpointer.TakeChanged(_shard))
        {
            ReplacesAll = true,
        };
        await CommitAsync(start.Lease, checkpoint);
        return start with
        {
            CheckpointPosition = target,
            Now = _shard.Now,
            EffectsPosition = target,
            Ticks = [],
            Definitions = definitions,
        };
    }

    private async ValueTask CommitAsync(ShardLease lease, Checkpoint checkpoint)
    {
        CommitResult result = await _services.Committer.CommitCheckpointAsync(
            lease,
            checkpoint,
            CancellationToken.None
        );
        ShardFencedException.ThrowIf(result, lease);
    }
}
