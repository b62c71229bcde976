namespace StreamSegmenter.EndToEnd.Tests.Processes;

/// <summary>Tests that start processes wait for each other, so that none is slow because of another.</summary>
[CollectionDefinition(nameof(ProcessesCollection), DisableParallelization = true)]
public sealed class ProcessesCollection;
