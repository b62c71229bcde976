namespace StreamSegmenter.Oracle;

/// <summary>A set of rules that must be refused: where, and what was expected.</summary>
public sealed class OracleLoadException : Exception
{
    public OracleLoadException()
        : this("", 0, 0, "refused") { }

    public OracleLoadException(string message)
        : this("", 0, 0, message) { }

    public OracleLoadException(string message, Exception innerException)
        : base(message, innerException) => Segment = "";

    public OracleLoadException(string segment, int line, int column, string message)
        : base($"{segment}:{line}:{column}: {message}")
    {
        Segment = segment;
        Line = line;
        Column = column;
    }

    public string Segment { get; }

    /// <summary>From 1, within the rule's text.</summary>
    public int Line { get; }

    /// <summary>From 1, within the line.</summary>
    public int Column { get; }
}
