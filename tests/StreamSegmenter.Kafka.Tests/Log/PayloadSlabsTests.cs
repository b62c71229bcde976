using StreamSegmenter.Kafka.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

public sealed class PayloadSlabsTests
{
    // Some hundred to a slab, and some that get an array of their own.
    private const int Largest = 20_000;

    private readonly PayloadSlabs _slabs = new();

    [Fact]
    public void Payloads_stay_as_they_are_until_they_are_released()
    {
        Random random = new(7);
        List<(PayloadLease Lease, List<(byte[] Original, FetchedPayload Copy)> Payloads)> held = [];
        HashSet<PayloadSlab> slabs = [];
        HashSet<byte[]> arrays = [];
        for (int round = 0; round < 300; round++)
        {
            PayloadLease lease = new();
            List<(byte[], FetchedPayload)> payloads = [];
            for (int i = random.Next(1, 30); i > 0; i--)
            {
                byte[] original = new byte[random.Next(random.Next(1, Largest))];
                random.NextBytes(original);
                FetchedPayload copy = Copy(original);
                payloads.Add((original, copy));
                if (copy.Slab is { } slab)
                {
                    lease.Add(slab);
                    slabs.Add(slab);
                    arrays.Add(slab.Bytes);
                }
            }

            held.Add((lease, payloads));
            if (held.Count > 20)
            {
                int any = random.Next(held.Count);
                held[any].Lease.Dispose();
                held.RemoveAt(any);
            }

            foreach ((byte[] original, FetchedPayload copy) in held.SelectMany(batch => batch.Payloads))
            {
                copy.Bytes.Span.SequenceEqual(original).ShouldBeTrue();
            }
        }

        arrays.Count.ShouldBeLessThan(slabs.Count / 4);
    }

    [Fact]
    public void A_lease_that_is_disposed_twice_releases_once()
    {
        PayloadLease first = LeaseOf(Copy([1, 2, 3]));
        FetchedPayload second = Copy([4, 5, 6]);
        first.Dispose();
        first.Dispose();
        FillSlabs(2);

        second.Bytes.ToArray().ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void A_slab_whose_payloads_are_not_all_released_is_not_used_again()
    {
        FetchedPayload kept = Copy([1, 2, 3]);
        LeaseOf(Copy([4, 5, 6])).Dispose();
        FillSlabs(4);

        kept.Bytes.ToArray().ShouldBe([1, 2, 3]);
    }

    private static PayloadLease LeaseOf(FetchedPayload payload)
    {
        PayloadLease lease = new();
        lease.Add(payload.Slab.ShouldNotBeNull());
        return lease;
    }

    private FetchedPayload Copy(byte[] payload) => _slabs.Deserialize(payload, isNull: false, default);

    // With payloads that are released at once.
    private void FillSlabs(int count)
    {
        byte[] payload = new byte[PayloadSlabPool.SlabBytes / 8];
        for (int i = 0; i < 8 * count; i++)
        {
            LeaseOf(Copy(payload)).Dispose();
        }
    }
}
