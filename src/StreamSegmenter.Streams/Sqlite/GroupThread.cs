namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// A thread that handles what waits in groups. While a group is on its way to the disk the next one gathers, so the
/// slower the disk, the larger the groups. A thread of its own, because a thread pool of few
/// threads must not spend them waiting for disks. What may wait is bounded by those who enqueue.
/// </summary>
internal sealed class GroupThread<T> : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly Action<List<T>> _handle;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<T> _waiting = [];
    private bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="handle">Called with all that waits, in order. It takes out what it handles, at least one item; the
    /// rest comes again, with what came meanwhile behind it. Must not throw.</param>
    public GroupThread(string name, Action<List<T>> handle)
    {
        _handle = handle;
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Leaves an item for the thread.</summary>
    /// <exception cref="ObjectDisposedException">The thread is stopping.</exception>
    public void Enqueue(T item)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waiting.Add(item);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Handles what waits, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task;
    }

    private void Run()
    {
        try
        {
            List<T> taken = [];
            while (Take(taken))
            {
                _handle(taken);
            }

            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Whoever enqueues after this is told so instead of waiting for ever.
            lock (_gate)
            {
                _stopping = true;
            }

            _ended.SetException(e);
        }
    }

    private bool Take(List<T> taken)
    {
        lock (_gate)
        {
            while (_waiting.Count + taken.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            taken.AddRange(_waiting);
            _waiting.Clear();
            return taken.Count > 0;
        }
    }
}
