using System.Collections.Concurrent;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>How a peer treats a push.</summary>
internal enum Conduct
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
}

/// <summary>What reached the peer whole.</summary>
/// <param name="Key">What the protocol has for an idempotency key; empty if it has none.</param>
internal sealed record ReceivedPush(string Key, string Body);

/// <summary>The other side of a connector, acting as told.</summary>
internal abstract class ScriptedPeer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedPush> _received = new();
    private readonly SemaphoreSlim _taken = new(0);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Conduct Conduct { get; set; } = Conduct.Accept;

    public abstract int Port { get; }

    public IReadOnlyList<ReceivedPush> Received => [.. _received];

    /// <summary>Completes once per push that was taken.</summary>
    public async Task WaitUntilTakenAsync() =>
        (await _taken.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("the push was not taken");

    public void Release() => _released.TrySetResult();

    public abstract ValueTask DisposeAsync();

    protected void Take(ReceivedPush push)
    {
        _received.Enqueue(push);
        _taken.Release();
    }

    protected Task HoldAsync() => _released.Task;
}
