using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

public sealed class HoldoutTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(100)]
    public void Who_is_held_out_follows_from_the_hash_alone(double percent)
    {
        int held = 0;
        for (int i = 0; i < 2000; i++)
        {
            bool isHeldOut = IsHeldOut($"customer-{i}", (decimal)percent, "salt");
            isHeldOut.ShouldBe(Expected($"salt/customer-{i}", (decimal)percent));
            held += isHeldOut ? 1 : 0;
        }

        // Five standard deviations of a fair draw.
        double share = percent / 100;
        Math.Abs(held - (2000 * share)).ShouldBeLessThanOrEqualTo(5 * Math.Sqrt(2000 * share * (1 - share)));
    }

    [Fact]
    public void A_larger_share_keeps_everybody_and_another_salt_or_segment_draws_anew()
    {
        string[] customers = [.. Enumerable.Range(0, 2000).Select(i => $"u{i}")];
        var small = Held(customers, 10, "a");
        small.Except(Held(customers, 20, "a"), StringComparer.Ordinal).ShouldBeEmpty();

        // Of a tenth, about a tenth is in another tenth.
        small.Intersect(Held(customers, 10, "b"), StringComparer.Ordinal).Count().ShouldBeInRange(5, 45);
        small
            .Intersect(customers.Where(c => IsHeldOut(c, 0, "a", segment: 10)), StringComparer.Ordinal)
            .Count()
            .ShouldBeInRange(5, 45);
    }

    // Computed with: printf 'streamsegmenter/u1' | sha256sum, the first 16 digits over 2^64.
    [Fact]
    public void The_draw_is_the_documented_one()
    {
        byte[] hash = SHA256.HashData("streamsegmenter/vip/u1"u8);
        decimal percent =
            (decimal)(ulong)new BigInteger(hash.AsSpan(0, 8), isUnsigned: true, isBigEndian: true)
            / ulong.MaxValue
            * 100;

        IsHeldOut("u1", 0, "streamsegmenter", segment: percent + 0.000001m).ShouldBeTrue();
        IsHeldOut("u1", 0, "streamsegmenter", segment: percent - 0.000001m).ShouldBeFalse();
    }

    private static IEnumerable<string> Held(string[] customers, decimal percent, string salt) =>
        customers.Where(customer => IsHeldOut(customer, percent, salt));

    private static bool IsHeldOut(string customer, decimal percent, string salt, decimal segment = 0)
    {
        var it = new PolicySituation();
        it.Options = it.Options with { Holdout = percent, HoldoutSalt = salt };
        it.Holdouts[new("vip")] = segment;
        it.Add();
        var facts = it.Facts with { Customer = new CustomerId(customer) };
        return it.Policy.Decide(facts, it.Pending, PolicySituation.Noon)[0] is PolicyDecision.Drop;
    }

    private static bool Expected(string text, decimal percent)
    {
        string digits = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        var drawn = BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return drawn * 100_000 < new BigInteger(percent * 1000) * BigInteger.Pow(2, 64);
    }
}
