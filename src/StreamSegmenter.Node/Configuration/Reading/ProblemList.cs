using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Collects what is wrong.</summary>
public sealed class ProblemList
{
    private readonly List<ConfigurationProblem> _problems = [];

    public int Count => _problems.Count;

    public bool Any => _problems.Count > 0;

    public void Add(HoconOrigin? place, string key, string problem, string cure) =>
        Add(new ConfigurationError(place, key, problem, cure));

    public void Add(ConfigurationError error) => Add(error.Origin, (error with { Origin = null }).ToString());

    public void Add(HoconOrigin? place, string text) => Add(new ConfigurationProblem(place, text));

    public void Add(ConfigurationProblem problem) => _problems.Add(problem);

    /// <summary>In the order of a file's lines, so that they can be cured from top to bottom.</summary>
    public IReadOnlyList<ConfigurationProblem> InOrder() =>
        [
            .. _problems
                .OrderBy(problem => problem.Place?.Kind ?? HoconOriginKind.Other)
                .ThenBy(problem => problem.Place?.Source, StringComparer.Ordinal)
                .ThenBy(problem => problem.Place?.Line)
                .ThenBy(problem => problem.Place?.Column),
        ];
}
