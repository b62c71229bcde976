using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Shards;

/// <summary>
/// Shares the shards among nodes by the log's consumer group: who is given a partition owns its shard. Members are
/// cooperative: only the shards that change hands are stopped. The group decides who works, not who may write; that is
/// the owner epoch's business, so that neither a late nor a lost message of the group can do harm.
/// </summary>
public sealed partial class KafkaShardAssignment : IShardAssignment
{
    private readonly KafkaClients _clients;
    private readonly KafkaEventLog _log;
    private readonly KafkaLogOptions _logOptions;
    private readonly KafkaGroupOptions _options;
    private readonly KafkaInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    public KafkaShardAssignment(
        KafkaClients clients,
        KafkaEventLog log,
        KafkaLogOptions logOptions,
        KafkaGroupOptions options,
        KafkaInstruments instruments,
        TimeProvider time,
        ILogger<KafkaShardAssignment> logger
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"kafka.group: {first}.", nameof(options));
        }

        (_clients, _log, _logOptions, _options) = (clients, log, logOptions, options);
        (_instruments, _time, _logger) = (instruments, time, logger);
    }

    public async Task RunAsync(IShardHost host, CancellationToken stop)
    {
        GroupMember member = new(this, host);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), stopped))
        {
            // It ends early only when it cannot be a member any more.
            await Task.WhenAny(stopped.Task, member.Ended);
        }

        await host.ReleaseAsync(member.BeginToLeave());
        member.Leave();
        await member.Ended;
    }

    [LoggerMessage(5101, LogLevel.Information, "Shards given to this node: {Shards}")]
    private static partial void LogTaken(ILogger logger, string shards);

    [LoggerMessage(5102, LogLevel.Information, "Shards that go to other nodes: {Shards}")]
    private static partial void LogReleased(ILogger logger, string shards);

    [LoggerMessage(5103, LogLevel.Warning, "Shards lost: this node was away for too long: {Shards}")]
    private static partial void LogLost(ILogger logger, string shards);

    [LoggerMessage(
        5104,
        LogLevel.Warning,
        "Shards {Shards} did not stop in time; they are handed over without a last checkpoint"
    )]
    private static partial void LogLate(ILogger logger, string shards);

    [LoggerMessage(5105, LogLevel.Warning, "The group of nodes: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);

    /// <summary>One membership, on a thread of its own, since the client calls back on the thread that polls.</summary>
    private sealed class GroupMember
    {
        private static readonly TimeSpan s_longestHeartbeat = TimeSpan.FromMilliseconds(500);
        private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

        private readonly KafkaShardAssignment _assignment;
        private readonly IShardHost _host;
        private readonly IConsumer<Ignore, Ignore> _consumer;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private readonly HashSet<ShardId> _owned = [];
        private readonly List<TopicPartition> _unpaused = [];
        private readonly Dictionary<ShardId, LogPosition> _mirrored = [];
        private Exception? _failure;
        private long _lastMirror;
        private bool _isLeaving;
        private volatile bool _hasLeft;

        public GroupMember(KafkaShardAssignment assignment, IShardHost host)
        {
            (_assignment, _host) = (assignment, host);
            _lastMirror = assignment._time.GetTimestamp();
            _consumer = assignment._clients.Consumer<Ignore, Ignore>(
                assignment._logOptions.Group,
                Settings(assignment._options),
                builder =>
                    builder
                        .SetPartitionsAssignedHandler((_, partitions) => Take(partitions))
                        .SetPartitionsRevokedHandler((_, partitions) => Release(partitions))
                        .SetPartitionsLostHandler((_, partitions) => Lose(partitions)),
                Fail
            );
            new Thread(Run) { IsBackground = true, Name = "kafka group" }.Start();
        }

        /// <summary>Fails when it cannot be a member any more.</summary>
        public Task Ended => _ended.Task;

        private KafkaGroupOptions Options => _assignment._options;

        /// <summary>Takes nothing more, and says what there is to release.</summary>
        public ShardId[] BeginToLeave()
        {
            lock (_gate)
            {
                _isLeaving = true;
                ShardId[] owned = [.. _owned];
                _owned.Clear();
                return owned;
            }
        }

        public void Leave() => _hasLeft = true;

        private static List<(string, string)> Settings(KafkaGroupOptions options)
        {
            List<(string, string)> settings =
            [
                ("partition.assignment.strategy", "cooperative-sticky"),
                ("session.timeout.ms", KafkaClients.Milliseconds(options.SessionTimeout)),
                ("heartbeat.interval.ms", KafkaClients.Milliseconds(HeartbeatInterval(options))),
                // For so long, too, brokers wait in a rebalance for a member that died in the one before: some brokers
                // do not notice that it did. Nothing here keeps the polling thread longer.
                ("max.poll.interval.ms", KafkaClients.Milliseconds(options.SessionTimeout + options.HandOverLimit)),
                // Commits what was noted as the mirror, now and then and when a partition goes, beside this thread.
                ("enable.auto.commit", "true"),
                ("auto.commit.interval.ms", KafkaClients.Milliseconds(options.MirrorInterval)),
                // It never reads: its partitions are paused, but not before the client has begun with them.
                ("queued.max.messages.kbytes", "64"),
                ("fetch.message.max.bytes", "1024"),
            ];
            if (options.InstanceId is { } instance)
            {
                settings.Add(("group.instance.id", instance));
            }

            return settings;
        }

        // Members hear of a change with their next heartbeat, so shards that change hands wait for it.
        private static TimeSpan HeartbeatInterval(KafkaGroupOptions options) =>
            options.SessionTimeout / 4 < s_longestHeartbeat ? options.SessionTimeout / 4 : s_longestHeartbeat;

        private void Run()
        {
            try
            {
                _consumer.Subscribe(_assignment._logOptions.Topic);
                while (!_hasLeft && _failure is null)
                {
                    Poll();
                }

                _consumer.Close();
            }
            catch (Exception e)
            {
                _failure ??= e;
            }

            try
            {
                _consumer.Dispose();
            }
            finally
            {
                End();
            }
        }

        private void End()
        {
            if (_failure is { } failure)
            {
                _ended.SetException(failure);
            }
            else
            {
                _ended.SetResult();
            }
        }

        private void Poll()
        {
            try
            {
                _consumer.Consume(s_poll);
                Wake();
                PauseNew();
                Mirror();
            }
            catch (KafkaException e)
            {
                LogTrouble(_assignment._logger, e.Error.Reason);
                if (e.Error.IsFatal || e.Error.Code == ErrorCode.Local_Fatal)
                {
                    Fail(e.Error);
                }
                else if (IsRefusal(e.Error.Code))
                {
                    _failure ??= KafkaClients.Classify(e, $"joining the group {_assignment._logOptions.Group}");
                }
            }
        }

        // Left alone, the client's own thread sleeps for up to a second, whatever the interval of heartbeats, and hears
        // that much later of a rebalance for which shards are waiting. A question to it wakes it.
        private void Wake() => _ = _consumer.Assignment;

        // What somebody has to mend: a node that only went on asking would look well, and work on nothing.
        private static bool IsRefusal(ErrorCode code) =>
            code
                is ErrorCode.InvalidSessionTimeout
                    or ErrorCode.GroupAuthorizationFailed
                    or ErrorCode.TopicAuthorizationFailed;

        private void Fail(Error error) =>
            _failure ??= new KafkaSetupException(
                $"This node can be a member of the group {_assignment._logOptions.Group} no more: {error.Reason} "
                    + $"({error.Code}). Is there another node with its instance-id?"
            );

        private IEnumerable<TopicPartitionOffset> Take(List<TopicPartition> partitions)
        {
            ShardId[] shards = [.. partitions.Select(partition => new ShardId(partition.Partition.Value))];
            _assignment._instruments.Rebalanced("taken");
            LogTaken(_assignment._logger, string.Join(", ", shards));
            int count = _assignment._log.PartitionCount;
            if (shards.Any(shard => shard.Value >= count))
            {
                _failure = new KafkaSetupException(
                    $"Topic {_assignment._logOptions.Topic} has more than the {count} partitions with which this node "
                        + "began. Customers would change their shards: go back to that number of partitions."
                );
            }

            lock (_gate)
            {
                if (!_isLeaving && _failure is null)
                {
                    _owned.UnionWith(shards);
                    _host.Take(shards);
                }
            }

            _unpaused.AddRange(partitions);
            return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
        }

        private void Release(List<TopicPartitionOffset> partitions)
        {
            if (Forget(partitions) is not [_, ..] shards)
            {
                return;
            }

            _assignment._instruments.Rebalanced("released");
            LogReleased(_assignment._logger, string.Join(", ", shards));
            foreach (ShardId shard in shards)
            {
                Note(shard);
            }

            Task released = _host.ReleaseAsync(shards);

            // The client wants this thread back before it hands the partitions over; heartbeats go on meanwhile.
            if (!((IAsyncResult)released).AsyncWaitHandle.WaitOne(Options.HandOverLimit))
            {
                LogLate(_assignment._logger, string.Join(", ", shards));
            }

            _assignment._log.Release(shards.Select(shard => shard.Partition));
        }

        // Somebody else may have them already, so there is nothing to wait for: late commits are refused then.
        private void Lose(List<TopicPartitionOffset> partitions)
        {
            if (Forget(partitions) is not [_, ..] shards)
            {
                return;
            }

            _assignment._instruments.Rebalanced("lost");
            LogLost(_assignment._logger, string.Join(", ", shards));
            _ = _host.ReleaseAsync(shards);
            _assignment._log.Release(shards.Select(shard => shard.Partition));
        }

        /// <summary>Those of them that were this node's until now.</summary>
        private ShardId[] Forget(List<TopicPartitionOffset> partitions)
        {
            _unpaused.RemoveAll(partition => partitions.Exists(gone => gone.TopicPartition == partition));
            lock (_gate)
            {
                return
                [
                    .. partitions
                        .Select(partition => new ShardId(partition.Partition.Value))
                        .Where(shard => _owned.Remove(shard)),
                ];
            }
        }

        private void PauseNew()
        {
            if (_unpaused.Count > 0)
            {
                _consumer.Pause(_unpaused);
                _unpaused.Clear();
            }
        }

        private void Mirror()
        {
            if (_assignment._time.GetElapsedTime(_lastMirror) < Options.MirrorInterval)
            {
                return;
            }

            _lastMirror = _assignment._time.GetTimestamp();
            ShardId[] owned;
            lock (_gate)
            {
                owned = [.. _owned];
            }

            Array.ForEach(owned, Note);
        }

        /// <summary>Leaves the shard's position with the client, which commits it in its own time.</summary>
        private void Note(ShardId shard)
        {
            if (
                _host.CommittedPosition(shard) is not { } position
                || (_mirrored.TryGetValue(shard, out LogPosition last) && last == position)
            )
            {
                return;
            }

            try
            {
                _consumer.StoreOffset(
                    new TopicPartitionOffset(_assignment._logOptions.Topic, shard.Value, position.Value)
                );
                _mirrored[shard] = position;
            }
            catch (KafkaException e)
            {
                LogTrouble(_assignment._logger, $"shard {shard} cannot be mirrored: {e.Error.Reason}");
            }
        }
    }
}
