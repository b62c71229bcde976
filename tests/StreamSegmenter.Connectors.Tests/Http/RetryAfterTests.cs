using StreamSegmenter.Connectors.Http;

namespace StreamSegmenter.Connectors.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData(" 7 ", 7)]
    [InlineData("1.5", 1.5)]
    [InlineData("86400", 86400)]
    [InlineData("86401", 86400)]
    [InlineData("99999999999999999999", 86400)]
    [InlineData("Fri, 31 Jan 2020 12:02:03 GMT", 123)]
    [InlineData("Friday, 31-Jan-20 12:02:03 GMT", 123)]
    [InlineData("Fri Jan 31 12:02:03 2020", 123)]
    [InlineData("Fri, 31 Jan 2020 11:00:00 GMT", 0)]
    [InlineData("Wed, 31 Jan 2120 11:00:00 GMT", 86400)]
    public void Seconds_and_dates_are_read(string value, double seconds) =>
        RetryAfter.Parse(value, Now).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("7 seconds")]
    [InlineData("٧")]
    public void Anything_else_is_no_wish(string value) => RetryAfter.Parse(value, Now).ShouldBeNull();
}
