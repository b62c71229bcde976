using System.Numerics;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Tests.Rules.Compilation;

public sealed class PolynomialTests
{
    private const long From = -40;
    private const long To = 40;

    [Fact]
    public void Turns_hold_every_number_at_which_the_sign_changes()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            Polynomial polynomial = random.Next(2) == 0 ? OfRoots(random) : OfCoefficients(random);

            Turns(polynomial).IsSupersetOf(SignChanges(polynomial)).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public void Turns_are_few_and_inside_the_range()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            SortedSet<long> turns = Turns(OfRoots(new(seed)));
            turns.ShouldAllBe(turn => turn > From && turn <= To);
            // At most four roots, and no more than the number at each and those beside it.
            turns.Count.ShouldBeLessThanOrEqualTo(12);
        }
    }

    [Fact]
    public void Roots_too_large_for_doubles_are_found_exactly()
    {
        const long Root = 253_402_300_799_999;
        var polynomial = new Polynomial(-(BigInteger)Root * Root, BigInteger.Zero, BigInteger.One);
        var turns = new SortedSet<long>();

        polynomial.AddTurns(0, long.MaxValue / 4, turns);

        turns.ShouldBe([Root, Root + 1]);
    }

    [Fact]
    public void Arithmetic_is_that_of_values()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            (BigInteger[] a, BigInteger[] b) = (Coefficients(random), Coefficients(random));
            for (long x = -5; x <= 5; x++)
            {
                (BigInteger ofA, BigInteger ofB) = (At(a, x), At(b, x));
                Assert.Equal((ofA + ofB).Sign, (new Polynomial(a) + new Polynomial(b)).SignAt(x));
                Assert.Equal((ofA * ofB).Sign, (new Polynomial(a) * new Polynomial(b)).SignAt(x));
                Assert.Equal(-ofA.Sign, (-new Polynomial(a)).SignAt(x));
            }
        }
    }

    private static SortedSet<long> Turns(Polynomial polynomial)
    {
        var turns = new SortedSet<long>();
        polynomial.AddTurns(From, To, turns);
        return turns;
    }

    private static IEnumerable<long> SignChanges(Polynomial polynomial)
    {
        for (long x = From + 1; x <= To; x++)
        {
            if (polynomial.SignAt(x) != polynomial.SignAt(x - 1))
            {
                yield return x;
            }
        }
    }

    // Products of (d x - n): roots at whole numbers, at halves and thirds, close together and double.
    private static Polynomial OfRoots(Random random)
    {
        Polynomial product = Polynomial.One;
        for (int roots = random.Next(1, 5); roots > 0; roots--)
        {
            int denominator = random.Next(1, 4);
            product *= new Polynomial(random.Next(-45 * denominator, 45 * denominator), denominator);
        }

        return random.Next(2) == 0 ? product : -product;
    }

    private static Polynomial OfCoefficients(Random random) => new Polynomial(Coefficients(random)) + new Polynomial(0);

    private static BigInteger[] Coefficients(Random random) =>
        [
            .. Enumerable
                .Range(0, random.Next(1, 6))
                .Select(power => (BigInteger)random.Next(-900, 901) / (1 + (power * power))),
        ];

    private static BigInteger At(BigInteger[] coefficients, long x) =>
        coefficients.Select((coefficient, power) => coefficient * BigInteger.Pow(x, power)).Aggregate(BigInteger.Add);
}
