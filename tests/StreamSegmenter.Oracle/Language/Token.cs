using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Language;

internal readonly record struct Position(int Line, int Column);

internal enum TokenKind
{
    Word,
    Text,
    Number,
    Duration,
    Symbol,
    End,
}

/// <summary>One token: its text (unescaped for strings), and its amount (milliseconds for durations).</summary>
internal sealed record Token(TokenKind Kind, string Content, Exact Amount, Position At)
{
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Content == symbol;

    public bool IsKeyword(string keyword) =>
        Kind == TokenKind.Word && string.Equals(Content, keyword, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind == TokenKind.End ? "the end of the rule" : $"'{Content}'";
}

/// <summary>A mistake in a rule; becomes an <see cref="OracleLoadException"/> once the segment is known.</summary>
internal sealed class RuleError(Position at, string message) : Exception(message)
{
    public Position At { get; } = at;
}
