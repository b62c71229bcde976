using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Streams.Shards;

/// <summary>What one owner of one shard works with, from its take-over on.</summary>
internal sealed record ShardParts(
    RuleSet Rules,
    ShardOptions Options,
    ShardServices Services,
    SegmentationShard Shard,
    EffectCollector Effects,
    RecordTally Tally,
    ShardQuestions Questions
);
