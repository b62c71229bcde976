using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Tests.Rules.Compilation;

public sealed class ValueBandsTests
{
    private const int Rounds = 1_000;

    // Constants are from the same few values, so that they meet, and values lie at, between and beyond them.
    private static readonly RuleValue[] Constants =
    [
        .. Enumerable.Range(-3, 7).Select(i => RuleValue.Number(i)),
        RuleValue.Number(0.5m),
        .. Enumerable.Range(0, 4).Select(i => RuleValue.Duration(i * 10)),
        .. Enumerable.Range(0, 3).Select(i => RuleValue.Time(new(i * 10))),
        .. new[] { "", "a", "B", "b", "ba", "é", "\ud83d\ude00" }.Select(RuleValue.String),
        RuleValue.Boolean(false),
        RuleValue.Boolean(true),
    ];

    private static readonly RuleValue[] Values =
    [
        .. Constants,
        RuleValue.Missing,
        RuleValue.Present,
        RuleValue.List([RuleValue.Number(1)]),
        .. Enumerable.Range(-20, 41).Select(i => RuleValue.Number(i / 4m)),
        RuleValue.Number(decimal.MaxValue),
        RuleValue.Number(decimal.MinValue),
        RuleValue.Number(1.0m),
        .. Enumerable.Range(-2, 40).Select(i => RuleValue.Duration(i)),
        .. Enumerable.Range(-2, 25).Select(i => RuleValue.Time(new(i))),
        RuleValue.String("aa"),
        RuleValue.String("z"),
        RuleValue.String("\uffff"),
    ];

    [Fact]
    public void A_values_band_decides_every_test_as_the_value_does()
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            ValueTest[] tests = RandomTests(new(seed));
            var bands = new ValueBands(tests);
            foreach (ValueTest test in tests)
            {
                BandSet passing = bands.Passing(test);
                foreach (RuleValue value in Values)
                {
                    if (passing.Contains(bands.Of(value)) != Passes(test, value))
                    {
                        Assert.Fail($"seed {seed}: {test} of {value} in band {bands.Of(value)}");
                    }
                }
            }
        }
    }

    [Fact]
    public void There_are_no_more_bands_than_tests_of_one_type_tell_apart()
    {
        RuleValue[] numbers = [.. Constants.Where(constant => constant.Kind == RuleValueKind.Number)];
        for (int seed = 0; seed < Rounds / 4; seed++)
        {
            ValueTest[] tests = RandomTests(new(seed), numbers);
            var bands = new ValueBands(tests);
            bool[][] truths = [.. tests.Select(test => TruthByBand(bands, test))];
            for (int band = 1; band < bands.Count; band++)
            {
                bool isNeeded = Array.Exists(truths, truth => truth[band] != truth[band - 1]);
                isNeeded.ShouldBeTrue($"seed {seed}: band {band} is too much");
            }
        }
    }

    [Fact]
    public void The_ends_of_a_band_are_where_its_values_stop()
    {
        for (int seed = 0; seed < Rounds / 4; seed++)
        {
            var bands = new ValueBands(RandomTests(new(seed)));
            foreach (RuleValueKind kind in new[] { RuleValueKind.Number, RuleValueKind.Duration, RuleValueKind.Time })
            {
                RuleValue[] grid = [.. Values.Where(value => value.Kind == kind)];
                foreach (RuleValue value in grid)
                {
                    int band = bands.Of(value);
                    (decimal Constant, bool Inside)? lower = bands.LowerEnd(band, kind);
                    (decimal Constant, bool Inside)? upper = bands.UpperEnd(band, kind);
                    foreach (RuleValue other in grid)
                    {
                        bool above = lower is not { } low || IsBeyond(other.Amount.CompareTo(low.Constant), low.Inside);
                        bool below =
                            upper is not { } high || IsBeyond(high.Constant.CompareTo(other.Amount), high.Inside);
                        if ((bands.Of(other) == band) != (above && below))
                        {
                            Assert.Fail($"seed {seed}: {value} and {other}, band {band}, {lower} to {upper}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void A_guess_changes_no_band()
    {
        for (int seed = 0; seed < Rounds / 4; seed++)
        {
            var bands = new ValueBands(RandomTests(new(seed)));
            foreach (
                RuleValue value in Values.Where(value => value.Kind is RuleValueKind.Number or RuleValueKind.Duration)
            )
            {
                for (int guess = 0; guess < bands.Count; guess++)
                {
                    Assert.Equal(bands.Of(value), bands.Of(value.Kind, value.Amount, guess));
                }
            }
        }
    }

    [Theory]
    [InlineData(RuleValueKind.Number)]
    [InlineData(RuleValueKind.Duration)]
    public void Whole_numbers_have_the_bands_and_ends_that_decimals_have(object boxed)
    {
        var kind = (RuleValueKind)boxed; // The enumeration is internal, and a test method public.
        for (int seed = 0; seed < Rounds; seed++)
        {
            var bands = new ValueBands(RandomTests(new(seed)));
            var integral = new IntegralBands(bands, kind);
            for (long value = -6; value < 40; value++)
            {
                int band = bands.Of(RuleValue.Quantity(kind, value));
                for (int guess = 0; guess < bands.Count; guess++)
                {
                    Assert.Equal(band, integral.Of(value, guess));
                }

                // Kinds that no test compares have no ends.
                bool isFirst = bands.Of(RuleValue.Quantity(kind, value - 1)) != band;
                bool isLast = bands.Of(RuleValue.Quantity(kind, value + 1)) != band;
                Assert.Equal(isFirst, integral.FirstOf(band) == value);
                Assert.Equal(isLast, integral.EndOf(band) == value + 1);
            }
        }
    }

    [Fact]
    public void A_threshold_makes_two_bands_and_what_no_test_tells_apart_is_one()
    {
        var atLeastThree = new ValueTest.Compare(ComparisonOperator.GreaterOrEqual, RuleValue.Number(3));
        var bands = new ValueBands([atLeastThree]);

        bands.Count.ShouldBe(2);
        bands.Passing(atLeastThree).Ranges.ShouldBe([(1, 2)]);
        bands.Of(RuleValue.Missing).ShouldBe(bands.Of(RuleValue.Number(2.999m)));
        bands.Of(RuleValue.String("3")).ShouldBe(0);
        bands.LowerEnd(1, RuleValueKind.Number).ShouldBe((3, true));
        bands.UpperEnd(1, RuleValueKind.Number).ShouldBeNull();
        bands.UpperEnd(0, RuleValueKind.Number).ShouldBe((3, false));
    }

    [Fact]
    public void Without_tests_there_is_one_band() => new ValueBands([]).Count.ShouldBe(1);

    private static bool IsBeyond(int order, bool inside) => inside ? order >= 0 : order > 0;

    private static bool[] TruthByBand(ValueBands bands, ValueTest test) =>
        [.. Enumerable.Range(0, bands.Count).Select(bands.Passing(test).Contains)];

    private static ValueTest[] RandomTests(Random random, RuleValue[]? constants = null)
    {
        constants ??= Constants;
        var tests = new ValueTest[random.Next(1, 7)];
        for (int i = 0; i < tests.Length; i++)
        {
            tests[i] = random.Next(5) switch
            {
                0 => new ValueTest.Presence(random.Next(2) == 0),
                1 => new ValueTest.OneOf(random.Next(2) == 0, random.GetItems(constants, random.Next(1, 5))),
                _ => new ValueTest.Compare(
                    random.GetItems(Enum.GetValues<ComparisonOperator>(), 1)[0],
                    random.GetItems(constants, 1)[0]
                ),
            };
        }

        return tests;
    }

    // What docs/rules.md says of comparisons, without the engine's own arithmetic.
    private static bool Passes(ValueTest test, RuleValue value) =>
        test switch
        {
            ValueTest.Presence presence => presence.Present != value.IsMissing,
            ValueTest.OneOf { Negated: false } list => list.Elements.Any(element => AreEqual(element, value)),
            ValueTest.OneOf list => list.Elements.Any(element => element.Kind == value.Kind)
                && !list.Elements.Any(element => AreEqual(element, value)),
            ValueTest.Compare compare => compare.Constant.Kind == value.Kind
                && Compares(compare.Operator, value, compare.Constant),
            _ => throw new ArgumentOutOfRangeException(nameof(test)),
        };

    private static bool Compares(ComparisonOperator op, RuleValue value, RuleValue constant)
    {
        if (op == ComparisonOperator.Equal)
        {
            return AreEqual(value, constant);
        }

        if (op == ComparisonOperator.NotEqual)
        {
            return !AreEqual(value, constant);
        }

        if (value.Kind == RuleValueKind.Boolean)
        {
            return false;
        }

        bool isLess =
            value.Kind == RuleValueKind.String
                ? string.CompareOrdinal(value.Text, constant.Text) < 0
                : value.Amount < constant.Amount;
        return op switch
        {
            ComparisonOperator.Less => isLess,
            ComparisonOperator.LessOrEqual => isLess || AreEqual(value, constant),
            ComparisonOperator.Greater => !isLess && !AreEqual(value, constant),
            _ => !isLess,
        };
    }

    private static bool AreEqual(RuleValue a, RuleValue b) =>
        a.Kind == b.Kind && (a.Kind == RuleValueKind.String ? a.Text == b.Text : a.Amount == b.Amount);
}
