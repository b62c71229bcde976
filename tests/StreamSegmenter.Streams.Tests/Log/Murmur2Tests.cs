using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Log;

public sealed class Murmur2Tests
{
    // The values that the tests of Kafka's Java client and of Akka's Kafka sharding publish.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    [InlineData("1", -1993445489)]
    [InlineData("12", 126087238)]
    [InlineData("123", -267702483)]
    [InlineData("1234", -1614185708)]
    [InlineData("12345", -1188365604)]
    public void The_hash_is_Kafkas(string key, int hash)
    {
        Murmur2.Hash(Encoding.UTF8.GetBytes(key)).ShouldBe(hash);
    }

    [Fact]
    public void A_negative_hash_loses_its_sign_not_its_bits()
    {
        Murmur2.PartitionOf("21"u8, 16).ShouldBe(new PartitionId((-973932308 & int.MaxValue) % 16));
        Murmur2.PartitionOf(new CustomerId("21"), 16).ShouldBe(Murmur2.PartitionOf("21"u8, 16));
    }

    [Fact]
    public void A_long_name_is_hashed_like_its_bytes()
    {
        string name = new('ü', 4_000);

        Murmur2.PartitionOf(new CustomerId(name), 7).ShouldBe(Murmur2.PartitionOf(Encoding.UTF8.GetBytes(name), 7));
    }

    [Fact]
    public void Customers_spread_evenly()
    {
        int[] counts = new int[16];
        for (int i = 0; i < 16_000; i++)
        {
            counts[Murmur2.PartitionOf(new CustomerId($"user-{i}"), 16).Value]++;
        }

        counts.ShouldAllBe(count => count > 850 && count < 1_150);
    }
}
