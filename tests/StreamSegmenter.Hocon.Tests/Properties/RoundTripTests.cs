using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Hocon.Tests.Support;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests.Properties;

public sealed class RoundTripTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60);

    [Fact]
    public void A_tree_written_in_any_style_reads_back_as_the_same_tree()
    {
        var property = Prop.ForAll(
            TreeGenerator.Objects,
            ArbMap.Default.ArbFor<int>(),
            static (tree, style) =>
            {
                var text = HoconWriter.Write((HoconObject)tree, style);
                var read = HoconDocument.Parse(text, "t.conf").Resolve();
                return read.Equals(tree).Label($"{text}\nread as {read}\nnot as  {tree}");
            }
        );

        Check.One(Settings, property);
    }

    [Fact]
    public void A_tree_lies_over_itself_without_a_change()
    {
        var property = Prop.ForAll(
            TreeGenerator.Objects,
            ArbMap.Default.ArbFor<int>(),
            static (tree, style) =>
            {
                var text = HoconWriter.Write((HoconObject)tree, style);
                var twice = HoconDocument.Parse(text, "a.conf").WithFallback(HoconDocument.Parse(text, "b.conf"));
                return twice.Resolve().Equals(tree);
            }
        );

        Check.One(Settings, property);
    }

    [Fact]
    public void Layers_merge_as_the_specification_says()
    {
        var property = Prop.ForAll(
            TreeGenerator.Objects,
            TreeGenerator.Objects,
            static (upper, lower) =>
            {
                var document = HoconDocument
                    .Parse(HoconWriter.Write((HoconObject)upper, style: 1), "upper.conf")
                    .WithFallback(HoconDocument.Parse(HoconWriter.Write((HoconObject)lower, style: 2), "lower.conf"));
                return document.Resolve().Equals(Merge((HoconObject)upper, (HoconObject)lower));
            }
        );

        Check.One(Settings, property);
    }

    [Fact]
    public void A_path_reads_back_from_its_written_form()
    {
        var property = Prop.ForAll(
            TreeGenerator.Keys,
            static keys => HoconPath.Parse(new HoconPath([.. keys]).ToString()).Keys.SequenceEqual(keys)
        );

        Check.One(Settings, property);
    }

    /// <summary>The rule, stated again: objects under one key merge, else the upper value stands.</summary>
    private static HoconValue Merge(HoconObject upper, HoconObject lower)
    {
        var merged = lower.Keys.Union(upper.Keys, StringComparer.Ordinal).Select(key => (key, Value(key)));
        return Tree.Object([.. merged]);

        HoconValue Value(string key) =>
            (upper.GetValueOrDefault(key), lower.GetValueOrDefault(key)) switch
            {
                (HoconObject above, HoconObject below) => Merge(above, below),
                (var above, var below) => above ?? below!,
            };
    }
}
