using Microsoft.Extensions.Logging;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>
/// Reads events from topics and puts them into the customer log. A position is committed only when everything before
/// it is on stable storage, in the log or among the dead letters. Nodes share the partitions as a consumer group.
/// </summary>
public sealed partial class KafkaSource
{
    private readonly KafkaClients _clients;
    private readonly KafkaSourceOptions _options;
    private readonly EventLimits _limits;
    private readonly IEventLogWriter _log;
    private readonly IDeadLetterStore _deadLetters;
    private readonly KafkaInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, string> _letterTopics;

    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    public KafkaSource(
        KafkaClients clients,
        KafkaSourceOptions options,
        EventLimits limits,
        IEventLogWriter log,
        IDeadLetterStore deadLetters,
        KafkaInstruments instruments,
        TimeProvider time,
        ILogger<KafkaSource> logger
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"kafka.source: {first}.", nameof(options));
        }

        (_clients, _options, _limits, _log, _deadLetters) = (clients, options, limits, log, deadLetters);
        (_instruments, _time, _logger) = (instruments, time, logger);
        _letterTopics = options
            .Topics.Where(topic => topic.DeadLetterTopic is not null)
            .ToDictionary(topic => topic.Topic, topic => topic.DeadLetterTopic!, StringComparer.Ordinal);
    }

    /// <summary>
    /// Works until <paramref name="stop"/>; then what is in hand is stored, if that does not take too long.
    /// </summary>
    /// <exception cref="KafkaSetupException">
    /// There is no position to begin at, or the one there was is gone; or the cluster refuses us.
    /// </exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using DeadLetterTopics letters = new(_clients);
        while (!await RunMemberAsync(letters, stop))
        {
            await Task.Delay(_options.RetryInterval, _time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One membership in the group. Returns false if it failed for a reason that may pass.</summary>
    private async Task<bool> RunMemberAsync(DeadLetterTopics letters, CancellationToken stop)
    {
        using SourceMember member = new(
            _clients,
            _options,
            _limits,
            (batch, cancelled) => StoreAsync(batch, letters, cancelled),
            _time,
            reason => LogTrouble(_logger, reason)
        );
        try
        {
            await member.RunAsync(stop);
            return true;
        }
        catch (KafkaUnavailableException e)
        {
            LogTrouble(_logger, e.Message);
            return stop.IsCancellationRequested;
        }
    }

    // The log first: a crash in between leaves the dead letters to be made again, not the events to be lost.
    private async Task StoreAsync(SourceBatch batch, DeadLetterTopics letters, CancellationToken stop)
    {
        await InsistAsync(
            () => batch.Events.Count == 0 ? Task.CompletedTask : _log.AppendAsync(batch.Events, stop).AsTask(),
            stop
        );
        if (batch.Letters.Count > 0)
        {
            await InsistAsync(
                () => _deadLetters.AddAsync([.. batch.Letters.Select(l => l.Letter)], stop).AsTask(),
                stop
            );
            foreach (var group in batch.Letters.GroupBy(l => l.Record.Topic, StringComparer.Ordinal))
            {
                if (_letterTopics.TryGetValue(group.Key, out string? topic))
                {
                    await InsistAsync(() => letters.SendAsync(topic, group), stop);
                }
            }
        }

        foreach (((string topic, string outcome), long count) in batch.Counts)
        {
            _instruments.Sourced(topic, outcome, count);
        }
    }

    /// <summary>Tries until it works: nothing may be passed over, and the topics keep what waits meanwhile.</summary>
    private async Task InsistAsync(Func<Task> store, CancellationToken stop)
    {
        bool isTold = false;
        while (true)
        {
            try
            {
                await store();
                return;
            }
            catch (Exception e) when (e is IOException or TimeoutException && !stop.IsCancellationRequested)
            {
                if (!isTold && e is not LogBusyException)
                {
                    isTold = true;
                    LogNotStored(_logger, e);
                }

                await Task.Delay(_options.RetryInterval, _time, stop);
            }
        }
    }

    [LoggerMessage(5201, LogLevel.Error, "Events from Kafka cannot be stored; they are tried again until they are")]
    private static partial void LogNotStored(ILogger logger, Exception error);

    [LoggerMessage(5202, LogLevel.Warning, "Reading sources: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);
}
