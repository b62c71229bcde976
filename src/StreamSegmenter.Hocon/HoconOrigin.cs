namespace StreamSegmenter.Hocon;

/// <summary>What kind of place a value came from.</summary>
public enum HoconOriginKind
{
    /// <summary>A file, or text handed to the reader under a name.</summary>
    Text,

    /// <summary>An environment variable; <see cref="HoconOrigin.Source"/> is its name.</summary>
    EnvironmentVariable,

    /// <summary>An argument of the command line.</summary>
    CommandLine,

    /// <summary>Another configuration source; <see cref="HoconOrigin.Source"/> describes it.</summary>
    Other,
}

/// <summary>
/// The place a value was written, for error messages. Two origins are equal when they name the same place.
/// </summary>
/// <param name="Kind">What kind of place it is.</param>
/// <param name="Source">The file as it was named to the reader, the variable's name, or a description.</param>
/// <param name="Line">Line in the text, counted from 1; 0 when unknown.</param>
/// <param name="Column">Column in UTF-16 units, counted from 1; 0 when unknown.</param>
public readonly record struct HoconOrigin(HoconOriginKind Kind, string Source, int Line = 0, int Column = 0)
{
    /// <summary>A place in a text.</summary>
    public static HoconOrigin Text(string source, int line = 0, int column = 0) =>
        new(HoconOriginKind.Text, source, line, column);

    /// <summary>An environment variable.</summary>
    public static HoconOrigin EnvironmentVariable(string name) => new(HoconOriginKind.EnvironmentVariable, name);

    /// <summary>The command line.</summary>
    public static HoconOrigin CommandLine { get; } = new(HoconOriginKind.CommandLine, "command line");

    /// <summary>Another configuration source.</summary>
    public static HoconOrigin Other(string description) => new(HoconOriginKind.Other, description);

    /// <summary><c>demo.conf:12:5</c>, <c>environment variable X</c>, <c>command line</c>.</summary>
    public override string ToString() =>
        (Kind, Line, Column) switch
        {
            (HoconOriginKind.EnvironmentVariable, _, _) => $"environment variable {Source}",
            (HoconOriginKind.Text, > 0, > 0) => $"{Source}:{Line}:{Column}",
            (HoconOriginKind.Text, > 0, _) => $"{Source}:{Line}",
            _ => Source ?? "unknown source",
        };
}
