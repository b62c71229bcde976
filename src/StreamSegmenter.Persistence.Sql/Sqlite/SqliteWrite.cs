using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>A write that waits for the writing thread. It is answered only after the commit.</summary>
internal abstract class SqliteWrite(bool isLong)
{
    /// <summary>Nobody else should have to wait for more than one such.</summary>
    public bool IsLong => isLong;

    protected Exception? Failure { get; private set; }

    public abstract void Run(PreparedConnection connection);

    /// <summary>Nothing of it is kept. The first reason counts.</summary>
    public void Fail(Exception reason) => Failure ??= reason;

    public abstract void Answer();
}

internal sealed class SqliteWrite<T>(Func<PreparedConnection, T> write, bool isLong) : SqliteWrite(isLong)
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public Task<T> Result => _result.Task;

    public override void Run(PreparedConnection connection) => _value = write(connection);

    public override void Answer()
    {
        if (Failure is null)
        {
            _result.SetResult(_value!);
        }
        else
        {
            _result.SetException(Failure);
        }
    }
}
