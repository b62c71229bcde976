using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Tests.Rules.Compilation;

public sealed class FlipIndexTests
{
    private const int Nodes = 20;

    [Fact]
    public void Every_node_whose_truth_differs_between_two_bands_is_collected()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int bands = random.Next(2, 12);
            (BandSet Passing, int Node)[] tests =
            [
                .. Enumerable.Range(0, random.Next(1, 15)).Select(_ => (RandomSet(random, bands), random.Next(Nodes))),
            ];
            var index = new FlipIndex(bands, tests);

            ForEachMove(
                bands,
                (from, to) =>
                {
                    HashSet<int> collected = Collect(index, from, to);
                    foreach ((BandSet passing, int node) in tests)
                    {
                        if (passing.Contains(from) != passing.Contains(to) && !collected.Contains(node))
                        {
                            Assert.Fail($"seed {seed}: {node} with {Show(passing)} from {from} to {to}");
                        }
                    }

                    if (collected.Any(node => !tests.Any(t => t.Node == node && Concerns(t.Passing, from, to))))
                    {
                        Assert.Fail($"seed {seed}: more than concerned from {from} to {to}");
                    }
                }
            );
        }
    }

    [Fact]
    public void Thresholds_and_equalities_are_collected_only_if_they_flip()
    {
        const int Bands = 9;
        for (int at = 0; at < Bands; at++)
        {
            foreach (BandSet passing in new BandSet[] { new([(at, Bands)]), new([(0, at)]), new([(at, at + 1)]) })
            {
                var index = new FlipIndex(Bands, [(passing, 3)]);
                ForEachMove(
                    Bands,
                    (from, to) =>
                        Collect(index, from, to)
                            .Contains(3)
                            .ShouldBe(passing.Contains(from) != passing.Contains(to), $"{Show(passing)} {from} {to}")
                );
            }
        }
    }

    [Fact]
    public void Of_a_thousand_equalities_a_move_concerns_two()
    {
        const int Count = 1_000;
        var index = new FlipIndex(
            Count,
            Enumerable.Range(0, Count).Select(band => (new BandSet([(band, band + 1)]), band))
        );
        var nodes = new IndexSet(Count);

        index.Collect(7, 900, nodes);

        Members(nodes).ShouldBe([7, 900]);
    }

    // As documented: a test that ends or begins between the two bands, or passes (or fails) exactly one of them alone.
    private static bool Concerns(BandSet passing, int from, int to) =>
        Enumerable
            .Range(Math.Min(from, to), Math.Abs(to - from))
            .Any(b => passing.Contains(b) != passing.Contains(b + 1));

    private static void ForEachMove(int bands, Action<int, int> move)
    {
        for (int from = 0; from < bands; from++)
        {
            for (int to = 0; to < bands; to++)
            {
                if (from != to)
                {
                    move(from, to);
                }
            }
        }
    }

    private static BandSet RandomSet(Random random, int bands)
    {
        var ranges = new List<(int From, int To)>();
        for (int from = random.Next(bands); from < bands; )
        {
            int to = random.Next(from + 1, bands + 1);
            ranges.Add((from, to));
            from = to + random.Next(3);
        }

        return new(ranges);
    }

    private static HashSet<int> Collect(FlipIndex index, int from, int to)
    {
        var nodes = new IndexSet(Nodes);
        index.Collect(from, to, nodes);
        return [.. Members(nodes)];
    }

    private static IEnumerable<int> Members(IndexSet set)
    {
        for (int member = set.Next(0); member >= 0; member = set.Next(member + 1))
        {
            yield return member;
        }
    }

    private static string Show(BandSet set) => string.Join(' ', set.Ranges);
}
