using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class NewestBatchesTests
{
    [Fact]
    public void It_keeps_what_fits_and_finds_it_like_a_plain_list()
    {
        const int MaxBytes = 4_000;
        Random random = new(11);
        NewestBatches newest = new(MaxBytes);
        List<StoredBatch> all = [];
        LogPosition end = LogPosition.Start;
        for (int round = 0; round < 2_000; round++)
        {
            StoredBatch batch = new(new(0), end, random.Next(1, 9), new(0), new byte[random.Next(5, 200)]);
            end = batch.End;
            newest.Add(batch);
            all.Add(batch);

            LogPosition from = new(random.NextInt64(Math.Max(0, end.Value - 200), end.Value));
            int max = random.Next(1, 40);
            List<StoredBatch> found = [];
            if (newest.TryCollect(from, max, found))
            {
                found.ShouldBe(all.Where(b => b.End > from && b.First.Value < from.Value + max));
            }
            else
            {
                // Only what no longer fits may be missing.
                all.Where(b => b.End > from).Sum(b => b.Bytes.Length + 96).ShouldBeGreaterThan(MaxBytes);
            }
        }
    }

    [Fact]
    public void Without_room_it_keeps_nothing()
    {
        NewestBatches newest = new(0);
        newest.Add(new(new(0), new(0), 1, new(0), new byte[10]));

        newest.TryCollect(new(0), 1, []).ShouldBeFalse();
    }

    [Fact]
    public void What_is_truncated_is_gone()
    {
        NewestBatches newest = new(10_000);
        newest.Add(new(new(0), new(0), 2, new(0), new byte[10]));
        newest.Add(new(new(0), new(2), 2, new(0), new byte[10]));
        newest.DropBefore(new(2));

        newest.TryCollect(new(1), 1, []).ShouldBeFalse();
        List<StoredBatch> found = [];
        newest.TryCollect(new(3), 1, found).ShouldBeTrue();
        found.ShouldHaveSingleItem().First.ShouldBe(new LogPosition(2));
    }

    [Fact]
    public void What_was_read_is_gone_but_the_batch_that_is_read_still()
    {
        NewestBatches newest = new(10_000);
        newest.Add(new(new(0), new(0), 2, new(0), new byte[10]));
        newest.Add(new(new(0), new(2), 2, new(0), new byte[10]));
        newest.DropEndedBy(new(3));

        newest.TryCollect(new(1), 1, []).ShouldBeFalse();
        newest.TryCollect(new(2), 2, []).ShouldBeTrue();
    }
}
