namespace StreamSegmenter.Architecture.Tests;

/// <summary>A place where a rule is broken, and the cure.</summary>
/// <param name="Line">Counted from 1; 0 if the whole file is meant.</param>
public sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";
}
