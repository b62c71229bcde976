using System.Net;
using System.Net.Sockets;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>What holds for every connector to an outside system, whatever its protocol.</summary>
public abstract class ConnectorConformance
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(15);

    private readonly ManualClock _clock = new(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));

    /// <summary>What a rate limit's <c>Retry-After: 7</c> becomes; null where the protocol cannot say.</summary>
    protected virtual TimeSpan? RateLimitWait => TimeSpan.FromSeconds(7);

    /// <summary>Whether the protocol carries an idempotency key.</summary>
    protected virtual bool HasKey => true;

    /// <summary>Whether an answer that is not the protocol leaves open if the push was taken.</summary>
    protected virtual DeliveryOutcome Babble => DeliveryOutcome.Unknown;

    private protected abstract Task<ScriptedPeer> StartPeerAsync(bool untrusted = false);

    /// <summary>Settings that reach a peer on loopback, secured by its untrusted certificate or not at all.</summary>
    private protected abstract ConnectorOptions OptionsFor(int port, bool untrusted = false);

    [Fact]
    public async Task A_push_that_is_taken_is_delivered()
    {
        await using var peer = await StartPeerAsync();

        var result = await SendAsync(peer, Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        peer.Received.Count.ShouldBe(1);
    }

    [Fact]
    public Task A_failure_for_now_is_to_be_retried() => Expect(Conduct.FailForNow, DeliveryOutcome.Retry);

    [Fact]
    public Task A_refusal_is_final() => Expect(Conduct.Refuse, DeliveryOutcome.Rejected);

    [Fact]
    public Task Refused_credentials_are_the_settings_fault() =>
        Expect(Conduct.RefuseCredentials, DeliveryOutcome.Misconfigured);

    [Fact]
    public async Task A_rate_limit_says_how_long_to_wait()
    {
        var result = await Expect(Conduct.LimitRate, DeliveryOutcome.Retry);

        result.RetryAfter.ShouldBe(RateLimitWait);
    }

    [Fact]
    public Task Hanging_up_on_a_push_that_was_taken_leaves_its_outcome_unknown() =>
        Expect(Conduct.TakeAndHangUp, DeliveryOutcome.Unknown);

    [Fact]
    public Task An_answer_that_is_not_the_protocol_is_no_delivery() => Expect(Conduct.TakeAndBabble, Babble);

    [Fact]
    public async Task Silence_after_a_push_was_taken_leaves_its_outcome_unknown()
    {
        await using var peer = await StartPeerAsync();
        peer.Conduct = Conduct.TakeAndHold;
        var sending = SendAsync(peer, Pushes.Create());
        await peer.WaitUntilTakenAsync();

        _clock.Advance(AttemptTimeout);

        (await sending).Outcome.ShouldBe(DeliveryOutcome.Unknown);
    }

    [Fact]
    public async Task A_cancelled_attempt_ends_with_a_result()
    {
        await using var peer = await StartPeerAsync();
        peer.Conduct = Conduct.TakeAndHold;
        using var cancellation = new CancellationTokenSource();
        var sending = SendAsync(peer, Pushes.Create(), cancellation.Token);
        await peer.WaitUntilTakenAsync();

        await cancellation.CancelAsync();

        (await sending).Outcome.ShouldBe(DeliveryOutcome.Unknown);
    }

    [Fact]
    public async Task An_attempt_without_any_time_sends_nothing()
    {
        await using var peer = await StartPeerAsync();

        var result = await SendAsync(peer, Pushes.Create(), new CancellationToken(canceled: true));

        result.Outcome.ShouldBe(DeliveryOutcome.Retry);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for()
    {
        await using var peer = await StartPeerAsync();
        peer.Conduct = Conduct.TakeAndHold;
        var sending = SendAsync(peer, Pushes.Create());
        await peer.WaitUntilTakenAsync();
        _clock.Advance(AttemptTimeout - TimeSpan.FromMilliseconds(1));
        sending.IsCompleted.ShouldBeFalse();

        peer.Release();

        (await sending).Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    [Fact]
    public async Task Where_nobody_listens_the_push_is_retried()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var result = await SendAsync(OptionsFor(port), Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Retry, result.Detail);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_the_settings_fault()
    {
        await using var peer = await StartPeerAsync(untrusted: true);

        var result = await SendAsync(OptionsFor(peer.Port, untrusted: true), Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, result.Detail);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_attempt_has_the_same_key_and_the_same_bytes()
    {
        await using var peer = await StartPeerAsync();
        var connector = Connect(OptionsFor(peer.Port));
        peer.Conduct = Conduct.TakeAndHangUp;
        (await connector.SendAsync(Pushes.Create(), CancellationToken.None)).Outcome.ShouldBe(DeliveryOutcome.Unknown);
        _clock.Advance(TimeSpan.FromHours(3));
        peer.Conduct = Conduct.Accept;

        var second = await connector.SendAsync(Pushes.Create() with { Attempts = 1 }, CancellationToken.None);

        second.Outcome.ShouldBe(DeliveryOutcome.Delivered, second.Detail);
        peer.Received.Count.ShouldBe(2);
        peer.Received[1].ShouldBe(peer.Received[0]);
        if (HasKey)
        {
            peer.Received[0].Key.ShouldContain(Pushes.Id);
        }
    }

    [Fact]
    public async Task Pushes_sent_at_once_all_arrive_once()
    {
        await using var peer = await StartPeerAsync();
        var connector = Connect(OptionsFor(peer.Port));

        var results = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => connector.SendAsync(Numbered(i), CancellationToken.None).AsTask())
        );

        results.ShouldAllBe(result => result.Outcome == DeliveryOutcome.Delivered);
        peer.Received.Select(push => push.Body).Distinct(StringComparer.Ordinal).Count().ShouldBe(40);
        peer.Received.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Content_that_is_no_push_is_never_a_delivery_error_of_others()
    {
        await using var peer = await StartPeerAsync();
        var connector = Connect(OptionsFor(peer.Port));

        var broken = await connector.SendAsync(Pushes.Of("{"), CancellationToken.None);
        var whole = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        broken.Outcome.ShouldBeOneOf(DeliveryOutcome.Rejected, DeliveryOutcome.Delivered);
        whole.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    private protected IConnector Connect(ConnectorOptions options) =>
        TestServices.Connector(options, TestServices.Create(time: _clock));

    private static Push Numbered(int number)
    {
        string id = number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
        string content = Pushes.Content().Replace("\"u1\"", $"\"u{number}\"", StringComparison.Ordinal);
        return Pushes.Of(content, id);
    }

    private async Task<DeliveryResult> Expect(Conduct conduct, DeliveryOutcome outcome)
    {
        await using var peer = await StartPeerAsync();
        peer.Conduct = conduct;

        var result = await SendAsync(peer, Pushes.Create());

        result.Outcome.ShouldBe(outcome, result.Detail);
        result.Detail.ShouldNotBeEmpty();
        return result;
    }

    private Task<DeliveryResult> SendAsync(
        ScriptedPeer peer,
        Push push,
        CancellationToken cancellationToken = default
    ) => SendAsync(OptionsFor(peer.Port), push, cancellationToken);

    private async Task<DeliveryResult> SendAsync(
        ConnectorOptions options,
        Push push,
        CancellationToken cancellationToken = default
    )
    {
        var connector = Connect(options);
        try
        {
            return await connector.SendAsync(push, cancellationToken);
        }
        finally
        {
            (connector as IDisposable)?.Dispose();
        }
    }
}
