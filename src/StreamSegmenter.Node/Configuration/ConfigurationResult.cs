using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Place">Where; null when nothing that was written is to blame.</param>
/// <param name="Text">The key, what is wrong with it and the cure.</param>
public sealed record ConfigurationProblem(HoconOrigin? Place, string Text)
{
    /// <summary>The line with the fault, of what is text in itself, such as a rule; else null.</summary>
    public SourceExcerpt? Excerpt { get; init; }

    /// <summary>
    /// <c>demo.conf:12:5: shards.batch-records: expected a whole number, got "ten"; write e.g. 500</c>, and the
    /// excerpt below it.
    /// </summary>
    public override string ToString() =>
        $"{(Place is { } place ? $"{place}: " : "")}{Text}{(Excerpt is { } excerpt ? $"\n{excerpt}" : "")}";
}

/// <summary>A configuration, or everything that is wrong with it.</summary>
public abstract record ConfigurationResult
{
    private ConfigurationResult() { }

    public sealed record Loaded(NodeConfiguration Configuration) : ConfigurationResult;

    /// <param name="Problems">At least one; by place, the files' first.</param>
    public sealed record Refused(IReadOnlyList<ConfigurationProblem> Problems) : ConfigurationResult
    {
        /// <summary>Each problem begins a line.</summary>
        public override string ToString() => string.Join('\n', Problems);
    }
}
