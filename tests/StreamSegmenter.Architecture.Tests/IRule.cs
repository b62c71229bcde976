using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests;

/// <summary>A habit of this repository that a machine can check.</summary>
public interface IRule
{
    IEnumerable<Finding> Check(SourceTree tree);
}
