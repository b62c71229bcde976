using System.Collections.Concurrent;
using System.Diagnostics;

namespace StreamSegmenter.Conformance.Connectors;

/// <summary>How a peer treats a push.</summary>
public enum Conduct
{
    Accept,
    FailForNow,
    Refuse,
    LimitRate,
    RefuseCredentials,

    /// <summary>Takes the push and says nothing until it is released; then accepts.</summary>
    TakeAndHold,
    TakeAndHangUp,

    /// <summary>Takes the push and answers with something that is not the protocol.</summary>
    TakeAndBabble,

    /// <summary>There is no peer.</summary>
    BeAbsent,
    ShowUntrustedCertificate,
}

/// <summary>What reached the peer whole.</summary>
/// <param name="Key">What the protocol has for an idempotency key; empty if it has none.</param>
public sealed record ReceivedPush(string Key, string Body);

/// <summary>The other side of a connector, acting as told.</summary>
public abstract class ScriptedPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<ReceivedPush> _received = new();
    private readonly SemaphoreSlim _taken = new(0);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public virtual Conduct Conduct { get; set; } = Conduct.Accept;

    public virtual IReadOnlyList<ReceivedPush> Received => [.. _received];

    /// <summary>Completes once per push that was taken.</summary>
    public virtual async Task WaitUntilTakenAsync() =>
        (await _taken.WaitAsync(Patience)).ShouldBeTrue("the push was not taken");

    /// <summary>What was received, as soon as it is so many; a peer may see it only after its answer.</summary>
    public async Task<IReadOnlyList<ReceivedPush>> WaitForAsync(int count)
    {
        var since = Stopwatch.StartNew();
        while (Received.Count < count && since.Elapsed < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        return Received;
    }

    public void Release() => _released.TrySetResult();

    public abstract ValueTask DisposeAsync();

    protected void Take(ReceivedPush push)
    {
        _received.Enqueue(push);
        _taken.Release();
    }

    protected Task HoldAsync() => _released.Task;
}
