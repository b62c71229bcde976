using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Streams.Pushes;
using static StreamSegmenter.Kafka.Tests.Pushes.KafkaConnectorTests;

namespace StreamSegmenter.Kafka.Tests.Pushes;

/// <summary>Brokers that fail or refuse, on mock brokers of this test's own.</summary>
public sealed class KafkaConnectorTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    private KafkaBroker _broker = null!;
    private string _topic = null!;

    public async Task InitializeAsync()
    {
        _broker = await KafkaBroker.StartMockAsync(1);
        _topic = await _broker.CreateTopicAsync("trouble", 1);
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    // The codes are Kafka's own: https://kafka.apache.org/protocol#protocol_error_codes
    [Theory]
    [InlineData(10, DeliveryOutcome.Rejected)] // MESSAGE_TOO_LARGE
    [InlineData(87, DeliveryOutcome.Rejected)] // INVALID_RECORD
    [InlineData(44, DeliveryOutcome.Rejected)] // POLICY_VIOLATION
    [InlineData(29, DeliveryOutcome.Misconfigured)] // TOPIC_AUTHORIZATION_FAILED
    public async Task A_refusal_is_told_from_settings_at_fault(int code, DeliveryOutcome outcome)
    {
        await using var connector = Open(_broker, _topic);
        await _broker.TellAsync($"errors 0 {code}");

        (await connector.SendAsync(PushOf("u1", id: 1), default)).Outcome.ShouldBe(outcome);
        if (outcome == DeliveryOutcome.Rejected)
        {
            (await connector.SendAsync(PushOf("u1", id: 2), default)).ShouldBe(DeliveryResult.Delivered);
        }
    }

    [Fact]
    public async Task Trouble_that_passes_doubles_nothing()
    {
        await using var connector = Open(_broker, _topic);
        await _broker.TellAsync("errors 0 6 7 -195 19");

        (await connector.SendAsync(PushOf("u1"), default)).ShouldBe(DeliveryResult.Delivered);

        Read(_broker, _topic, 1);
    }

    [Fact]
    public async Task Where_nobody_listens_nobody_knows()
    {
        await _broker.TellAsync("down -1");
        await using var connector = Open(_broker, _topic, options => options.Timeout = Short);

        var result = await connector.SendAsync(PushOf("u1"), default);

        result.Outcome.ShouldBe(DeliveryOutcome.Unknown, result.Detail);
        await _broker.TellAsync("up -1");
        (await SendUntilKnownAsync(connector, PushOf("u1"))).ShouldBe(DeliveryResult.Delivered);
    }

    [Fact]
    public async Task A_record_without_an_acknowledgement_leaves_the_outcome_unknown_and_is_sent_again_as_it_was()
    {
        await using var connector = Open(_broker, _topic, options => options.Timeout = Short);
        (await connector.SendAsync(PushOf("u1", id: 1), default)).ShouldBe(DeliveryResult.Delivered);
        await _broker.TellAsync("round-trip 1 4000");

        var result = await connector.SendAsync(PushOf("u1", id: 2), default);

        result.Outcome.ShouldBe(DeliveryOutcome.Unknown, result.Detail);
        await _broker.TellAsync("round-trip 1 0");
        (await SendUntilKnownAsync(connector, PushOf("u1", id: 2))).ShouldBe(DeliveryResult.Delivered);
        (await connector.SendAsync(PushOf("u1", id: 3), default)).ShouldBe(DeliveryResult.Delivered);
    }

    [Fact]
    public async Task A_cancelled_attempt_ends_with_a_result()
    {
        await using var connector = Open(_broker, _topic);
        using CancellationTokenSource over = new();
        await over.CancelAsync();

        (await connector.SendAsync(PushOf("u1"), over.Token)).Outcome.ShouldBe(DeliveryOutcome.Retry);

        await _broker.TellAsync("round-trip 1 10000");
        using CancellationTokenSource later = new();
        var sending = connector.SendAsync(PushOf("u1"), later.Token);
        await later.CancelAsync();
        (await sending).Outcome.ShouldBe(DeliveryOutcome.Unknown);
    }

    // The client pauses between its tries to connect, and may need longer than one short attempt.
    private static async Task<DeliveryResult> SendUntilKnownAsync(KafkaConnectorUnderTest connector, Push push)
    {
        DeliveryResult result;
        do
        {
            result = await connector.SendAsync(push, default);
        } while (result.Outcome is DeliveryOutcome.Unknown or DeliveryOutcome.Retry);

        return result;
    }
}
