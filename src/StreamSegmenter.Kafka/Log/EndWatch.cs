using Confluent.Kafka;
using StreamSegmenter.Streams.Log;
using Timestamp = StreamSegmenter.Segmentation.Events.Timestamp;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// Asks brokers now and then whether silent partitions are at their end still. A client hears nothing of a partition to
/// which nothing is added, and nothing of a broker that is gone; only the first lets time pass.
/// </summary>
internal sealed class EndWatch : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private readonly LogFetcher _fetcher;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public EndWatch(LogFetcher fetcher, TimeSpan interval, TimeProvider time)
    {
        (_fetcher, _interval, _time) = (fetcher, interval, time);
        _thread = new(Run) { IsBackground = true, Name = "kafka log ends" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(_interval))
        {
            foreach (PartitionFeed feed in _fetcher.Feeds)
            {
                if (feed.BelievedEnd is { } end && !_stop.IsSet)
                {
                    Check(feed, end);
                }
            }
        }
    }

    private void Check(PartitionFeed feed, long end)
    {
        // The answer tells of a moment between the question and itself: the earlier one is safe.
        var asked = Timestamp.From(_time.GetUtcNow());
        try
        {
            LogRange range = _fetcher.QueryRange(feed.Partition, s_timeout);
            if (range.End.Value >= end)
            {
                feed.NoteEnd(range.End, asked);
            }
        }
        catch (KafkaException)
        {
            // No answer, no progress of time; the client logs it and tries to connect again.
        }
    }
}
