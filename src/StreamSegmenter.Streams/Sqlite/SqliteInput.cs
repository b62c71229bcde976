namespace StreamSegmenter.Streams.Sqlite;

internal enum SqliteInputKind : byte
{
    Null,
    Integer,
    Text,
    Blob,
}

/// <summary>A value for a statement's parameter, without a box around numbers.</summary>
internal readonly struct SqliteInput
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _blob;

    private SqliteInput(
        SqliteInputKind kind,
        long integer = 0,
        string? text = null,
        ReadOnlyMemory<byte> blob = default
    )
    {
        (Kind, Integer, _text, _blob) = (kind, integer, text, blob);
    }

    public SqliteInputKind Kind { get; }

    public long Integer { get; }

    public string Text => _text!;

    public ReadOnlySpan<byte> Blob => _blob.Span;

    public static implicit operator SqliteInput(int value) => (long)value;

    public static implicit operator SqliteInput(long value) => new(SqliteInputKind.Integer, integer: value);

    public static implicit operator SqliteInput(long? value) => value is { } integer ? integer : default(SqliteInput);

    public static implicit operator SqliteInput(int? value) => (long?)value;

    public static implicit operator SqliteInput(string? value) =>
        value is null ? default : new(SqliteInputKind.Text, text: value);

    public static implicit operator SqliteInput(ReadOnlyMemory<byte> value) => new(SqliteInputKind.Blob, blob: value);

    public static implicit operator SqliteInput(byte[] value) => new(SqliteInputKind.Blob, blob: value);

    /// <summary>As the provider's parameters take it.</summary>
    public object ToObject() =>
        Kind switch
        {
            SqliteInputKind.Integer => Integer,
            SqliteInputKind.Text => Text,
            SqliteInputKind.Blob => _blob.ToArray(),
            _ => DBNull.Value,
        };
}
