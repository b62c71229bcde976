namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Finds the band of a feature's value now, and reports to the frame the earliest instant at which time alone may
/// change the band.
/// </summary>
internal delegate int CompiledBand(EvaluationFrame frame);

/// <summary>A value that tests of any number of rules read.</summary>
/// <param name="Flips">Which slots a change of the band concerns.</param>
internal sealed record CompiledFeature(CompiledBand Band, FlipIndex Flips);
