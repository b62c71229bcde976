using System.Globalization;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Conformance.Connectors;

/// <summary>
/// What holds for every connector to an outside system, whatever its protocol. Where a system cannot come to an
/// outcome at all, its suite says so in <see cref="Expected"/>, with the reason.
/// </summary>
public abstract class ConnectorConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The value of <c>type</c> in the configuration.</summary>
    public abstract string ConnectorType { get; }

    /// <summary>How long an answer to all that was sent may take, by the connectors' settings.</summary>
    protected virtual TimeSpan AttemptTimeout => TimeSpan.FromSeconds(15);

    /// <summary>The connectors' clock.</summary>
    protected FakeTimeProvider Clock { get; } = new(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));

    /// <summary>What a rate limit's <c>Retry-After: 7</c> becomes; null where the protocol cannot say.</summary>
    protected virtual TimeSpan? RateLimitWait => TimeSpan.FromSeconds(7);

    /// <summary>Whether the protocol carries an idempotency key.</summary>
    protected virtual bool HasKey => true;

    /// <summary>A new peer; its conduct may be set until the connector's first attempt, and between attempts.</summary>
    protected abstract Task<ScriptedPeer> StartPeerAsync(bool untrusted = false);

    /// <summary>A connector to a peer, secured by the peer's untrusted certificate or not at all.</summary>
    protected abstract IConnector ConnectTo(ScriptedPeer peer, bool untrusted = false);

    /// <summary>A connector to where nobody listens.</summary>
    protected abstract IConnector ConnectToNobody();

    /// <summary>How an attempt ends at such a peer; null where the system has no such thing.</summary>
    protected virtual DeliveryOutcome? Expected(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => DeliveryOutcome.Delivered,
            Conduct.FailForNow or Conduct.LimitRate or Conduct.BeAbsent => DeliveryOutcome.Retry,
            Conduct.Refuse => DeliveryOutcome.Rejected,
            Conduct.RefuseCredentials or Conduct.ShowUntrustedCertificate => DeliveryOutcome.Misconfigured,
            _ => DeliveryOutcome.Unknown,
        };

    /// <summary>
    /// Sends until it is known what is wrong, where the system's client needs more than an attempt to find out.
    /// </summary>
    protected virtual Task<DeliveryResult> DiagnoseAsync(IConnector connector) =>
        AttemptAsync(connector, Pushes.Create());

    [Fact]
    public async Task A_push_that_is_taken_is_delivered()
    {
        await using var peer = await StartPeerAsync();

        var result = await SendAsync(peer, Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        (await peer.WaitForAsync(1)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Conduct.FailForNow)]
    [InlineData(Conduct.Refuse)]
    [InlineData(Conduct.RefuseCredentials)]
    [InlineData(Conduct.LimitRate)]
    [InlineData(Conduct.TakeAndHangUp)]
    [InlineData(Conduct.TakeAndBabble)]
    public async Task Every_conduct_comes_to_its_outcome(Conduct conduct)
    {
        if (Expected(conduct) is not { } outcome)
        {
            return;
        }

        await using var peer = await StartPeerAsync();
        peer.Conduct = conduct;

        var result = await SendAsync(peer, Pushes.Create());

        result.Outcome.ShouldBe(outcome, result.Detail);
        if (outcome != DeliveryOutcome.Delivered)
        {
            result.Detail.ShouldNotBeEmpty();
        }

        if (conduct == Conduct.LimitRate)
        {
            result.RetryAfter.ShouldBe(RateLimitWait);
        }
    }

    [Fact]
    public async Task Where_nobody_listens_no_push_is_lost()
    {
        if (Expected(Conduct.BeAbsent) is { } outcome)
        {
            var result = await AttemptAsync(ConnectToNobody(), Pushes.Create());

            result.Outcome.ShouldBe(outcome, result.Detail);
        }
    }

    [Fact]
    public async Task An_untrusted_certificate_is_the_settings_fault()
    {
        if (Expected(Conduct.ShowUntrustedCertificate) is not { } outcome)
        {
            return;
        }

        await using var peer = await StartPeerAsync(untrusted: true);

        var result = await DiagnoseAsync(ConnectTo(peer, untrusted: true));

        result.Outcome.ShouldBe(outcome, result.Detail);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Silence_after_a_push_was_taken_leaves_its_outcome_unknown()
    {
        await using var peer = await StartPeerAsync();
        peer.Conduct = Conduct.TakeAndHold;
        var sending = SendAsync(peer, Pushes.Create());
        await peer.WaitUntilTakenAsync();

        Clock.Advance(AttemptTimeout);

        (await sending.WaitAsync(Patience)).Outcome.ShouldBe(DeliveryOutcome.Unknown);
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

        (await sending.WaitAsync(Patience)).Outcome.ShouldBe(DeliveryOutcome.Unknown);
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
        Clock.Advance(AttemptTimeout - TimeSpan.FromMilliseconds(1));
        sending.IsCompleted.ShouldBeFalse();

        peer.Release();

        (await sending.WaitAsync(Patience)).Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    [Fact]
    public async Task A_second_attempt_has_the_same_key_and_the_same_bytes()
    {
        await using var peer = await StartPeerAsync();
        var connector = ConnectTo(peer);
        await LeaveOpenAsync(connector, peer);
        Clock.Advance(TimeSpan.FromHours(3));
        peer.Conduct = Conduct.Accept;

        var second = await AttemptAsync(connector, Pushes.Create() with { Attempts = 1 });

        second.Outcome.ShouldBe(DeliveryOutcome.Delivered, second.Detail);
        var received = await peer.WaitForAsync(2);
        received.Count.ShouldBe(2);
        received[1].ShouldBe(received[0]);
        if (HasKey)
        {
            received[0].Key.ShouldContain(Pushes.Id);
        }
    }

    [Fact]
    public async Task Pushes_sent_at_once_all_arrive_once()
    {
        await using var peer = await StartPeerAsync();
        var connector = ConnectTo(peer);

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AttemptAsync(connector, Numbered(i))));

        results.ShouldAllBe(result => result.Outcome == DeliveryOutcome.Delivered);
        var received = await peer.WaitForAsync(40);
        received.Select(push => push.Body).Distinct(StringComparer.Ordinal).Count().ShouldBe(40);
        received.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Content_that_is_no_push_is_never_a_delivery_error_of_others()
    {
        await using var peer = await StartPeerAsync();
        var connector = ConnectTo(peer);

        var broken = await AttemptAsync(connector, Pushes.Of("{"));
        var whole = await AttemptAsync(connector, Pushes.Create());

        broken.Outcome.ShouldBeOneOf(DeliveryOutcome.Rejected, DeliveryOutcome.Delivered);
        whole.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    /// <summary>Tries once, as a relay does: on a thread that is not its own.</summary>
    protected static Task<DeliveryResult> AttemptAsync(
        IConnector connector,
        Push push,
        CancellationToken cancellationToken = default
    ) => Task.Run(() => connector.SendAsync(push, cancellationToken).AsTask(), CancellationToken.None);

    /// <summary>Makes an attempt that was taken and does not know it.</summary>
    private async Task LeaveOpenAsync(IConnector connector, ScriptedPeer peer)
    {
        bool hangsUp = Expected(Conduct.TakeAndHangUp) == DeliveryOutcome.Unknown;
        peer.Conduct = hangsUp ? Conduct.TakeAndHangUp : Conduct.TakeAndHold;
        var sending = AttemptAsync(connector, Pushes.Create());
        if (!hangsUp)
        {
            await peer.WaitUntilTakenAsync();
            Clock.Advance(AttemptTimeout);
        }

        (await sending.WaitAsync(Patience)).Outcome.ShouldBe(DeliveryOutcome.Unknown);
        peer.Release();
    }

    private static Push Numbered(int number)
    {
        string id = number.ToString("x32", CultureInfo.InvariantCulture);
        string content = Pushes.Content().Replace("\"u1\"", $"\"u{number}\"", StringComparison.Ordinal);
        return Pushes.Of(content, id);
    }

    private async Task<DeliveryResult> SendAsync(
        ScriptedPeer peer,
        Push push,
        CancellationToken cancellationToken = default
    )
    {
        var connector = ConnectTo(peer);
        try
        {
            return await AttemptAsync(connector, push, cancellationToken);
        }
        finally
        {
            // Before it is done with a peer that holds it, it would wait for that one.
            peer.Release();
            await DisposeAsync(connector);
        }
    }

    private static async Task DisposeAsync(IConnector connector)
    {
        switch (connector)
        {
            case IAsyncDisposable asynchronously:
                await asynchronously.DisposeAsync();
                break;
            case IDisposable owned:
                owned.Dispose();
                break;
        }
    }
}
