using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

/// <summary>Producers that fail for good under many who append, on mock brokers of this test's own.</summary>
public sealed class ProducerFailureTests : IAsyncLifetime
{
    private const int Writers = 8;
    private const int RecordsAtOnce = 500;
    private const int Failures = 30;

    // A producer may not write idempotently: that is for good.
    private const string RefuseOnce = "errors 22 31";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private KafkaBroker _broker = null!;
    private KafkaEventLog _log = null!;

    public async Task InitializeAsync()
    {
        _broker = await KafkaBroker.StartMockAsync();
        string topic = await _broker.CreateTopicAsync("failing", 3);
        _log = await TestClients.OpenAsync(_broker, TestClients.Options(_broker, topic));
    }

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Every_append_ends_and_one_that_fails_may_be_repeated()
    {
        for (int i = 0; i < Failures; i++)
        {
            await _broker.TellAsync(RefuseOnce);
        }

        int failed = 0;
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer)))];
        await Task.WhenAll(writing).WaitAsync(Limit);
        failed.ShouldBeGreaterThanOrEqualTo(Failures);

        async Task WriteAsync(int writer)
        {
            NewRecord[] records =
            [
                .. Enumerable
                    .Range(0, RecordsAtOnce)
                    .Select(i => new NewRecord(new($"u{writer}.{i}"), "{}"u8.ToArray())),
            ];
            while (true)
            {
                try
                {
                    await _log.AppendAsync(records, default);
                    return;
                }
                catch (KafkaUnavailableException)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        }
    }
}
