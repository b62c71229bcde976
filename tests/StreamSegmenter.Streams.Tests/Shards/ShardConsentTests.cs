using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Shards.Support;
using StreamSegmenter.Streams.Tests.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>Consents on their way from the log into the store.</summary>
public sealed class ShardConsentTests
{
    private ShardRig _rig = new([Segment("may-mail", "consent(\"email\")")]);

    [Fact]
    public void A_consent_is_committed_with_all_that_is_known_of_it()
    {
        _rig.Start();
        _rig.Append(
            Track("u1", "visit"),
            Track(
                "u1",
                "Consent Updated",
                "m7",
                """{"channel":"email","purpose":"news","granted":true,"source":"checkout","policyVersion":"v3"}"""
            )
        );

        ConsentRecord record = HistoryOf("u1").ShouldHaveSingleItem();
        record.Position.ShouldBe(new LogPosition(1));
        record.Statement.ShouldBe(
            new(new("u1"), "email", "news", true, _rig.Now, _rig.Now, ConsentSource.Event, "checkout", "v3", "m7")
        );
    }

    [Fact]
    public void A_consent_that_cannot_be_read_is_kept_as_a_dead_letter_and_counted()
    {
        using MeterReader metrics = new();
        using ShardInstruments instruments = new(metrics);
        _rig.Instruments = instruments;
        RunningShard first = _rig.Start();
        _rig.Append(Track("u1", "Consent Updated", "m1", """{"channel":"email","granted":"yes"}"""));
        first.Stop();
        _rig.Start();
        _rig.Append(Identify("u2", """{"consent":"all"}"""));

        HistoryOf("u1").ShouldBeEmpty();
        List<DeadLetter> letters = _rig.DeadLetters();
        letters
            .Select(letter => $"{letter.Source}: {letter.Reason}: {letter.Detail}")
            .ShouldBe([
                "shard 0 position 0: bad-consent: granted of Consent Updated must be true, false or null, not \"yes\"",
                "shard 0 position 1: bad-consent: the trait consent must be an object of channels, or null, not \"all\"",
            ]);
        metrics.Lines.ShouldBe(["streamsegmenter.shards.records.buried reason=bad-consent: 2"]);
    }

    [Fact]
    public void Rules_and_policies_hear_of_a_consent_together()
    {
        _rig.Start();
        _rig.Append(Identify("u1", """{"consent":{"email":true}}"""));
        _rig.Advance(TimeSpan.FromMinutes(1));
        _rig.Append(Track("u1", "Consent Updated", "m1", """{"channel":"email","granted":false}"""));

        _rig.History().ShouldBe(["u1 +may-mail1 event", "u1 -may-mail2 event"]);
        CurrentOf("u1").ShouldBe([new("email", null, false, _rig.Now)]);
    }

    [Fact]
    public void Whatever_crashes_every_consent_is_committed_once()
    {
        List<ConsentRecord> expected = Live(_ => Fault.None);
        expected.Count.ShouldBe(4);
        foreach (Fault fault in new[] { Fault.CrashBefore, Fault.CrashAfter })
        {
            for (int crash = 1; crash < 16; crash++)
            {
                int call = 0;
                Live(_ => ++call == crash ? fault : Fault.None).ShouldBe(expected, $"{fault} at call {crash}");
            }
        }
    }

    [Fact]
    public void Consents_that_the_store_lacks_come_with_a_rebuild()
    {
        StoreParts whole = _rig.Store;
        _rig.Store = whole with { Committer = new WithoutConsents(whole.Committer) };
        RunningShard former = _rig.Start();
        _rig.Append(Identify("u1", """{"consent":{"email":true}}"""), Identify("u2", """{"consent":{"sms":false}}"""));
        former.Stop();
        HistoryOf("u1").ShouldBeEmpty();

        _rig.Store = whole;
        _rig.Define(Segment("may-mail", "not (consent(\"email\") = false)"));
        RunningShard rebuilt = _rig.Start();
        HistoryOf("u1").ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(0));
        HistoryOf("u2").ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(1));
        rebuilt.Stop();

        _rig.Define(Segment("may-mail", "consent(\"email\")"));
        _rig.Start().Error.ShouldBeNull();
        HistoryOf("u1").Count.ShouldBe(1);
    }

    private List<ConsentRecord> Live(Func<StoreCall, Fault> plan)
    {
        _rig = new([Segment("may-mail", "consent(\"email\")")]);
        _rig.Options = _rig.Options with { CheckpointCustomers = 1 };
        RunningShard broken = _rig.Start(plan: plan);
        _rig.Append(Identify("u1", """{"consent":{"email":true,"sms":false}}"""));
        _rig.Advance(TimeSpan.FromMinutes(1));
        _rig.Append(Track("u1", "visit"), Track("u1", "Consent Updated", "m", """{"channel":"sms","granted":true}"""));
        _rig.Advance(TimeSpan.FromMinutes(1));
        broken.Kill();
        _rig.Start().Error.ShouldBeNull();
        _rig.Append(Identify("u1", """{"consent":{"email":{"*":false}}}"""));
        return HistoryOf("u1");
    }

    private List<ConsentRecord> HistoryOf(string customer) =>
        [.. _rig.Store.Consents.GetHistoryAsync(new(customer), 100, default).AsTask().Result];

    private IReadOnlyList<Consent> CurrentOf(string customer) =>
        _rig.Store.Consents.GetCurrentAsync([new(customer)], default).AsTask().Result[new(customer)];

    /// <summary>A program that knew nothing of consents.</summary>
    private sealed class WithoutConsents(IShardCommitter inner) : IShardCommitter
    {
        public ValueTask<CommitResult> CommitCheckpointAsync(
            ShardLease lease,
            Checkpoint checkpoint,
            CancellationToken cancellationToken
        ) => inner.CommitCheckpointAsync(lease, checkpoint, cancellationToken);

        public ValueTask<CommitResult> CommitEffectsAsync(
            ShardLease lease,
            EffectBatch effects,
            CancellationToken cancellationToken
        ) => inner.CommitEffectsAsync(lease, effects with { Consents = [] }, cancellationToken);
    }
}
