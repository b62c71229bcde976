using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Nodes;

/// <summary>What the group tells a member.</summary>
/// <param name="Shards">Null: the member was expelled, and has lost all it had.</param>
internal sealed record GroupCommand(ShardId[]? Shards, bool Take);

/// <summary>
/// One node's part in the group. While it is out of reach it hears nothing, and goes on believing what it was told.
/// </summary>
internal sealed class Member(Group group, SimProcess process, TimeSpan patience) : IShardAssignment
{
    private readonly Queue<GroupCommand> _commands = new();
    private TaskCompletionSource? _waiting;

    public SimProcess Process => process;

    /// <summary>Cut off from the group, and from nothing else.</summary>
    public bool IsIsolated { get; private set; }

    public bool IsReachable => process is { IsAlive: true, IsPaused: false } && !IsIsolated;

    public DateTimeOffset? SilentSince { get; set; }

    /// <summary>Told to take no part any more.</summary>
    public bool HasLeft { get; set; }

    public async Task RunAsync(IShardHost host, CancellationToken stop)
    {
        group.Join(this);
        using CancellationTokenRegistration woken = stop.UnsafeRegister(_ => Wake(), null);
        while (!stop.IsCancellationRequested)
        {
            if (IsIsolated || !_commands.TryDequeue(out GroupCommand? command))
            {
                _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await _waiting.Task;
                continue;
            }

            await ObeyAsync(host, command);
        }

        HasLeft = true;
        await host.ReleaseAsync(group.Shards);
        group.Leave(this);
    }

    public void Tell(GroupCommand command)
    {
        _commands.Enqueue(command);
        Wake();
    }

    public void Expel()
    {
        _commands.Clear();
        Tell(new(null, Take: false));
    }

    public void Isolate() => IsIsolated = true;

    public void Reconnect()
    {
        IsIsolated = false;
        Wake();
    }

    private void Wake() => _waiting?.TrySetResult();

    private async Task ObeyAsync(IShardHost host, GroupCommand command)
    {
        if (command.Take)
        {
            host.Take(command.Shards!);
            return;
        }

        // It may give up waiting: who is too slow is fenced.
        ShardId[] shards = command.Shards ?? group.Shards;
        await Task.WhenAny(host.ReleaseAsync(shards), Task.Delay(patience, process.Clock));
        if (command.Shards is null)
        {
            group.Join(this);
        }
        else
        {
            group.Released(this, shards);
        }
    }
}
