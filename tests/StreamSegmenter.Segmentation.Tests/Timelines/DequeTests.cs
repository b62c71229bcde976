using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class DequeTests
{
    [Fact]
    public void A_deque_is_a_list_that_shrinks_at_both_ends()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var deque = new Deque<string>();
            var model = new List<string>();
            for (int step = 0; step < 300; step++)
            {
                switch (random.Next(12))
                {
                    case 0 when random.Next(10) == 0:
                        deque.Clear();
                        model.Clear();
                        break;
                    case < 3 when model.Count > 0:
                        deque.RemoveLast();
                        model.RemoveAt(model.Count - 1);
                        break;
                    case < 6 when model.Count > 0:
                        deque.RemoveFirst();
                        model.RemoveAt(0);
                        break;
                    default:
                        deque.AddLast($"{step}");
                        model.Add($"{step}");
                        break;
                }

                Assert.True(
                    Enumerable.Range(0, deque.Count).Select(i => deque[i]).SequenceEqual(model, StringComparer.Ordinal)
                );
                if (model.Count > 0)
                {
                    Assert.Equal(model[0], deque.First);
                    Assert.Equal(model[^1], deque.Last);
                }
            }
        }
    }

    [Fact]
    public void An_item_is_changed_in_place()
    {
        var deque = new Deque<(int Day, int Entries)>();
        deque.AddLast((1, 0));
        deque.AddLast((2, 0));

        deque.Last.Entries++;
        deque.First.Entries += 5;

        deque[0].ShouldBe((1, 5));
        deque[1].ShouldBe((2, 1));
    }
}
