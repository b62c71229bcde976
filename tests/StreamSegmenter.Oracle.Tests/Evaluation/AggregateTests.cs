namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class AggregateTests
{
    /// <summary>Three purchases at 100, 200, 300 ms with amounts 0.1, "5", 0.2, and a page at 250.</summary>
    private static readonly string[] Log =
    [
        Track(100, "purchase", """ "amount":0.1,"category":"b","items":[{"price":3},{"price":null},{"price":4}] """),
        Track(200, "purchase", """ "amount":"5","category":"a","items":[] """),
        Page(250, """ "category":"a","deep":{"x":[1,2]} """),
        Track(300, "purchase", """ "amount":0.2,"category":null,"items":[{"price":"3"}] """),
    ];

    [Theory]
    [InlineData("count(purchase) = 3", true)]
    [InlineData("count(any) = 4", true)]
    [InlineData("count(any, 100ms) = 2", true)]
    [InlineData("count(nothing) = 0", true)]
    [InlineData("count(purchase.category) = 2", true)]
    [InlineData("count(purchase.items) = 3", true)]
    [InlineData("count(purchase.items[]) = 4", true)]
    [InlineData("count(purchase.items[].price) = 3", true)]
    [InlineData("count(any.@event) = 3", true)]
    [InlineData("count(any.@type) = 4", true)]
    [InlineData("exists(page)", true)]
    [InlineData("exists(\"page\")", true)]
    [InlineData("exists(page.category)", true)]
    [InlineData("exists(page.amount)", false)]
    [InlineData("exists(page.@event)", false)]
    [InlineData("exists(screen)", false)]
    [InlineData("exists(nothing) = false", true)]
    [InlineData("sum(purchase.amount) = 0.3", true)]
    [InlineData("sum(purchase.items[].price) = 7", true)]
    [InlineData("sum(nothing.amount) = 0", true)]
    [InlineData("avg(purchase.amount) = 0.15", true)]
    [InlineData("avg(nothing.amount) is missing", true)]
    [InlineData("avg(purchase.category) is missing", true)]
    [InlineData("min(purchase.amount) = 0.1", true)]
    [InlineData("max(purchase.amount) = 0.2", true)]
    [InlineData("max(purchase.category) is missing", true)]
    [InlineData("max(purchase.items[].price) = 4", true)]
    [InlineData("distinct(purchase.amount) = 3", true)]
    [InlineData("distinct(any.category) = 2", true)]
    [InlineData("distinct(nothing.category) = 0", true)]
    [InlineData("distinct(purchase.items) = 0", true)]
    [InlineData("distinct(purchase.items[].price) = 3", true)]
    [InlineData("distinct(page.deep.x[]) = 2", true)]
    [InlineData("first(any.category) = \"b\"", true)]
    [InlineData("last(any.category) = \"a\"", true)]
    [InlineData("last(any.category, 60ms) = \"a\"", true)]
    [InlineData("last(any.category, 50ms) is missing", true)]
    [InlineData("first(purchase.items[].price) = 3", true)]
    [InlineData("last(purchase.items[].price) = \"3\"", true)]
    [InlineData("last(page.deep.x) contains 2", true)]
    [InlineData("last(purchase) - first(purchase) = 200ms", true)]
    [InlineData("first(purchase) + 200ms = last(purchase)", true)]
    [InlineData("last(purchase) > last(page)", true)]
    [InlineData("last(nothing) is missing", true)]
    [InlineData("mode(any.category) = \"a\"", true)]
    [InlineData("mode(purchase.category) = \"a\"", true)]
    [InlineData("mode(purchase.amount) = 0.1", true)]
    [InlineData("mode(nothing.category) is missing", true)]
    [InlineData("mode(purchase.items) is missing", true)]
    [InlineData("days(any) = 1", true)]
    [InlineData("days(nothing) is missing", true)]
    [InlineData("since(purchase) = 0ms", true)]
    [InlineData("since(page) = 50ms", true)]
    [InlineData("since(purchase.category) = 100ms", true)]
    [InlineData("since_first(purchase) = 200ms", true)]
    [InlineData("since_first(purchase, 150ms) = 100ms", true)]
    [InlineData("since(nothing) is missing", true)]
    [InlineData("since(page, 50ms) is missing", true)]
    [InlineData("since(page, 51ms) is present", true)]
    public void It_has_this_value(string rule, bool expected) => Story.Rule(rule).Given(Log).Holds(expected);

    [Fact]
    public void Sums_never_drift() =>
        Story
            .Rule("sum(a.x, 10ms) = 0")
            .Given(Track(100, "a", "\"x\":0.1"), Track(101, "a", "\"x\":0.2"), Track(102, "a", "\"x\":1e20"))
            .Makes(until: 200, "112 +s time");

    [Fact]
    public void Numbers_are_equal_however_they_are_written() =>
        Story
            .Rule("distinct(a.x) = 1 and max(a.x) = 100")
            .Given(Track(1, "a", "\"x\":100"), Track(2, "a", "\"x\":1e2"), Track(3, "a", "\"x\":100.00"))
            .Makes("1 +s event");

    [Fact]
    public void Days_are_those_of_the_zone() =>
        // 20:00 and 23:30 UTC are 05:00 and 08:30 of the next day in Tokyo; 14:00 UTC is still the day before.
        Story
            .Rule("days(a) = 2")
            .In("Asia/Tokyo")
            .Given(Track(14 * 3_600_000L, "a"), Track(20 * 3_600_000L, "a"), Track(84_600_000, "a"))
            .Makes($"{20 * 3_600_000L} +s event");

    [Fact]
    public void The_mode_prefers_numbers_to_strings_to_booleans_when_they_are_as_frequent() =>
        Story
            .Rule("mode(a.x) = 7")
            .And("t", "mode(a.x) = \"B\"")
            .And("u", "mode(a.x) = false")
            .Given(
                Track(1, "a", "\"x\":true"),
                Track(2, "a", "\"x\":false"),
                Track(3, "a", "\"x\":\"a\""),
                Track(4, "a", "\"x\":\"B\""),
                Track(5, "a", "\"x\":7")
            )
            .Makes("2 +u event", "3 -u event", "4 +t event", "5 +s event", "5 -t event");

    [Fact]
    public void Since_comes_of_age_by_itself() =>
        Story.Rule("since(a) >= 10ms").Given(Track(100, "a"), Track(105, "a")).Makes(until: 500, "115 +s time");

    [Fact]
    public void Longer_than_needs_a_millisecond_more() =>
        Story.Rule("since(any) > 10ms").Given(Track(100, "a")).Makes(until: 500, "111 +s time");

    [Fact]
    public void Exactly_so_long_ago_lasts_a_millisecond() =>
        Story.Rule("since(a) = 10ms").Given(Track(100, "a")).Makes(until: 500, "110 +s time", "111 -s time");

    [Fact]
    public void Since_in_a_list_of_durations() =>
        Story
            .Rule("since(a) in (3ms, 5ms)")
            .Given(Track(100, "a"))
            .Makes(until: 500, "103 +s time", "104 -s time", "105 +s time", "106 -s time");

    [Fact]
    public void Two_clocks_cross_where_arithmetic_says() =>
        // At t: 2 * (t - 110) > t - 100 from t = 121 on.
        Story.Rule("2 * since(b) > since(a)").Given(Track(100, "a"), Track(110, "b")).Makes(until: 500, "121 +s time");

    [Fact]
    public void A_ratio_of_clocks_crosses_where_arithmetic_says() =>
        // (t - 110) / (t - 100) >= 0.75 from t = 140 on.
        Story
            .Rule("since(b) / since(a) >= 0.75")
            .Given(Track(100, "a"), Track(110, "b"))
            .Makes(until: 500, "140 +s time");

    [Fact]
    public void A_threshold_may_come_from_the_data() =>
        // The mean gap is 10 ms after the second event and 15 ms after the third.
        Story
            .Rule("since(a) > (last(a) - first(a)) / (count(a) - 1)")
            .Given(Track(100, "a"), Track(110, "a"), Track(130, "a"))
            .Makes(until: 500, "121 +s time", "130 -s event", "146 +s time");
}
