using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class PackedStatesTests
{
    private const int ChunkBytes = 64 * 1024;

    private readonly PackedStates _states = new();

    private Resident Add(params byte[] bytes)
    {
        var resident = new Resident(new("c"));
        _states.Add(resident, bytes);
        return resident;
    }

    [Fact]
    public void Whatever_comes_and_goes_everything_kept_reads_back()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var states = new PackedStates();
            var kept = new List<(Resident Resident, byte[] Bytes)>();
            for (int step = 0; step < 5_000; step++)
            {
                if (kept.Count > 0 && random.Next(5) < 2)
                {
                    int index = random.Next(kept.Count);
                    states.Read(kept[index].Resident).SequenceEqual(kept[index].Bytes).ShouldBeTrue($"seed {seed}");
                    states.Remove(kept[index].Resident);
                    kept[index].Resident.Block.ShouldBe(PackedStates.None);
                    kept.RemoveAt(index);
                }
                else
                {
                    var bytes = new byte[random.Next(10) == 0 ? random.Next(20_000) : random.Next(600)];
                    random.NextBytes(bytes);
                    kept.Add((new(new("c")), bytes));
                    states.Add(kept[^1].Resident, bytes);
                }
            }

            kept.Select(entry => entry.Resident.Block).ShouldBeUnique();
            foreach ((Resident resident, byte[] bytes) in kept)
            {
                states.Read(resident).SequenceEqual(bytes).ShouldBeTrue($"seed {seed}");
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

        Resident[] residents = [.. Enumerable.Range(0, 20).Select(_ => Add(bytes))];

        residents.Select(resident => resident.Block).ShouldBeUnique();
        foreach (Resident resident in residents)
        {
            _states.Read(resident).SequenceEqual(bytes).ShouldBeTrue();
        }
    }

    [Fact]
    public void States_of_one_size_stand_close_together()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Add(new byte[300]);
        }

        _states.HeldBytes.ShouldBeLessThan(10_000 * 300 * 11 / 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_held_follows_what_is_stored_in_whatever_order_it_grows(int shuffled)
    {
        const int Customers = 10_000;
        Resident[] residents = [.. Enumerable.Range(0, Customers).Select(_ => Add(new byte[100]))];
        int[] order = [.. Enumerable.Range(0, Customers)];
        var random = new Random(7);
        foreach (int length in (int[])[150, 200, 250])
        {
            if (shuffled > 0)
            {
                random.Shuffle(order);
            }

            foreach (int who in order.AsSpan(0, Customers / 2))
            {
                _states.Remove(residents[who]);
                _states.Add(residents[who], new byte[length]);
            }
        }

        long stored = residents.Sum(resident => (long)_states.Read(resident).Length);
        _states.HeldBytes.ShouldBeInRange(stored, (stored * 110 / 100) + (70 * ChunkBytes));
    }

    [Fact]
    public void What_is_held_shrinks_when_everybody_leaves()
    {
        Resident[] residents = [.. Enumerable.Range(0, 100_000).Select(i => Add(new byte[200 + (i % 50)]))];
        _states.HeldBytes.ShouldBeGreaterThan(300 * ChunkBytes);

        foreach (Resident resident in residents)
        {
            _states.Remove(resident);
        }

        _states.HeldBytes.ShouldBeLessThanOrEqualTo(64 * ChunkBytes);
    }

    [Fact]
    public void Coming_and_going_allocates_nothing()
    {
        Resident resident = Add(new byte[500]);
        _states.Remove(resident);
        Span<byte> state = stackalloc byte[500];
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _states.Add(resident, state);
            _states.Remove(resident);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
