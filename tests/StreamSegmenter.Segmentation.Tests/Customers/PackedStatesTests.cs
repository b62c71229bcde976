using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class PackedStatesTests
{
    private const int ChunkBytes = 64 * 1024;

    private readonly PackedStates _states = new();

    [Fact]
    public void Whatever_comes_and_goes_everything_kept_reads_back()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var states = new PackedStates();
            var kept = new Dictionary<int, byte[]>();
            for (int step = 0; step < 5_000; step++)
            {
                if (kept.Count > 0 && random.Next(5) < 2)
                {
                    int block = kept.Keys.ElementAt(random.Next(kept.Count));
                    states.Read(block).SequenceEqual(kept[block]).ShouldBeTrue($"seed {seed}, step {step}");
                    states.Remove(block);
                    kept.Remove(block);
                }
                else
                {
                    var bytes = new byte[random.Next(10) == 0 ? random.Next(20_000) : random.Next(600)];
                    random.NextBytes(bytes);
                    kept.Add(states.Add(bytes), bytes);
                }
            }

            foreach ((int block, byte[] bytes) in kept)
            {
                states.Read(block).SequenceEqual(bytes).ShouldBeTrue($"seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(1020)]
    [InlineData(1021)]
    [InlineData(8188)]
    [InlineData(8189)]
    [InlineData(1_000_000)]
    public void A_state_may_have_any_length(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        int[] blocks = [.. Enumerable.Range(0, 20).Select(_ => _states.Add(bytes))];

        blocks.ShouldBeUnique();
        foreach (int block in blocks)
        {
            _states.Read(block).SequenceEqual(bytes).ShouldBeTrue();
        }
    }

    [Fact]
    public void States_of_one_size_stand_close_together()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _states.Add(new byte[300]);
        }

        _states.HeldBytes.ShouldBeLessThan(10_000 * 300 * 11 / 10);
    }

    [Fact]
    public void What_is_held_shrinks_with_what_is_stored()
    {
        int[] small = [.. Enumerable.Range(0, 10_000).Select(_ => _states.Add(new byte[100]))];
        foreach (int block in small)
        {
            _states.Remove(block);
            _states.Add(new byte[200]);
        }

        _states.HeldBytes.ShouldBeInRange(10_000 * 200, (10_000 * 220) + (3 * ChunkBytes));
    }

    [Fact]
    public void Somebody_alone_in_a_size_comes_and_goes_without_allocation()
    {
        _states.Remove(_states.Add(new byte[500]));
        Span<byte> state = stackalloc byte[500];
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _states.Remove(_states.Add(state));
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
