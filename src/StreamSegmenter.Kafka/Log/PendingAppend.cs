using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;

namespace StreamSegmenter.Kafka.Log;

/// <summary>Records handed to the producer together, until it has reported on each. Thread-safe.</summary>
/// <param name="records">How many.</param>
/// <param name="ended">Called once, when all are reported.</param>
internal sealed class PendingAppend(int records, Action ended)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = records;
    private Exception? _failure;

    /// <summary>Completes when all are in the log; fails, once all are reported, with the first failure.</summary>
    public Task Completion => _completion.Task;

    public void Report(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.CompareExchange(
                ref _failure,
                KafkaClients.Classify(new KafkaException(report.Error), $"appending to {report.Topic}"),
                null
            );
        }

        Count(1);
    }

    /// <summary>So many of them were not handed over.</summary>
    public void Fail(Exception failure, int count)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Count(count);
    }

    private void Count(int count)
    {
        if (Interlocked.Add(ref _left, -count) > 0)
        {
            return;
        }

        ended();
        if (_failure is { } failure)
        {
            _completion.SetException(failure);
        }
        else
        {
            _completion.SetResult();
        }
    }
}
