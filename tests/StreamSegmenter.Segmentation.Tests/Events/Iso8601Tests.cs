using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed partial class Iso8601Tests
{
    [Theory]
    [InlineData("2020-01-31T12:00:00.000Z", "2020-01-31T12:00:00.000Z")]
    [InlineData("2020-01-31t12:00:00z", "2020-01-31T12:00:00.000Z")]
    [InlineData("2020-01-31 12:00:00", "2020-01-31T12:00:00.000Z")]
    [InlineData("2020-01-31T12:34", "2020-01-31T12:34:00.000Z")]
    [InlineData("2020-01-31T12:34+01", "2020-01-31T11:34:00.000Z")]
    [InlineData("2020-01-31T12:34:56+0130", "2020-01-31T11:04:56.000Z")]
    [InlineData("2020-01-31T12:34:56.7-01:30", "2020-01-31T14:04:56.700Z")]
    [InlineData("2020-01-31T00:00:00+14:00", "2020-01-30T10:00:00.000Z")]
    [InlineData("2020-01-31T12:00:00-00:00", "2020-01-31T12:00:00.000Z")]
    [InlineData("2020-01-31", "2020-01-31T00:00:00.000Z")]
    [InlineData("2020-01-31T12:00:00,25Z", "2020-01-31T12:00:00.250Z")]
    [InlineData("2020-01-31T12:00:00.1234567890123456789Z", "2020-01-31T12:00:00.123Z")]
    [InlineData("2020-01-31T12:00:00.9999Z", "2020-01-31T12:00:00.999Z")]
    [InlineData("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z")]
    [InlineData("2000-02-29", "2000-02-29T00:00:00.000Z")]
    [InlineData("2024-02-29T23:59:59.999-23:59", "2024-03-01T23:58:59.999Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void A_time_is_read_to_its_millisecond(string text, string expected)
    {
        Iso8601.Read(Json.Utf8(text), out Timestamp value).ShouldBe(Iso8601Result.Ok);

        value.ToString().ShouldBe(expected);
        value.ShouldBe(Timestamp.From(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("1580472000000")]
    [InlineData(" 2020-01-31")]
    [InlineData("2020-01-31 ")]
    [InlineData("2020-01-31T12:00:00Z ")]
    [InlineData("2020-01-31T12:00:00 Z")]
    [InlineData("2020-01-31\n12:00:00Z")]
    [InlineData("2020-01-31  12:00:00Z")]
    [InlineData("2020-1-31")]
    [InlineData("20200131T120000Z")]
    [InlineData("2020-01")]
    [InlineData("2020/01/31")]
    [InlineData("2020-01-31Z")]
    [InlineData("2020-01-31T")]
    [InlineData("2020-01-31T12")]
    [InlineData("2020-01-31T1:00")]
    [InlineData("2020-01-31T12:00:")]
    [InlineData("2020-01-31T12:00:0Z")]
    [InlineData("2020-01-31T12:00.5Z")]
    [InlineData("2020-01-31T12:00:00.Z")]
    [InlineData("2020-01-31T12:00:00.")]
    [InlineData("2020-01-31T12:00:00.5.5Z")]
    [InlineData("2020-01-31T12:00:00+1")]
    [InlineData("2020-01-31T12:00:00+01:")]
    [InlineData("2020-01-31T12:00:00+01:0")]
    [InlineData("2020-01-31T12:00:00+010")]
    [InlineData("2020-01-31T12:00:00+01:00:00")]
    [InlineData("2020-01-31T12:00:00ZZ")]
    [InlineData("2020-01-31T12:00:00 CET")]
    [InlineData("-2020-01-31")]
    [InlineData("+002020-01-31")]
    [InlineData("2020-W05-5")]
    [InlineData("Fri, 31 Jan 2020 12:00:00 GMT")]
    [InlineData("２０２０-01-31")]
    public void What_is_not_written_like_a_time_is_malformed(string text)
    {
        Iso8601.Read(Json.Utf8(text), out Timestamp value).ShouldBe(Iso8601Result.Malformed);
        value.ShouldBe(default);
        Iso8601.TryParse(Json.Utf8(text), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2024-02-30")]
    [InlineData("2024-04-31")]
    [InlineData("2024-00-10")]
    [InlineData("2024-13-10")]
    [InlineData("2024-01-00")]
    [InlineData("2024-01-32")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T23:60:00Z")]
    [InlineData("2024-01-01T23:59:61Z")]
    [InlineData("2024-01-01T00:00:00+24:00")]
    [InlineData("2024-01-01T00:00:00+01:60")]
    public void A_time_that_does_not_exist_is_told_apart(string text) =>
        Iso8601.Read(Json.Utf8(text), out _).ShouldBe(Iso8601Result.NoSuchTime);

    [Theory]
    [InlineData("0000-01-01")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:00-00:01")]
    [InlineData("9999-12-31T23:59:60Z")]
    public void A_time_outside_the_calendar_is_out_of_range(string text) =>
        Iso8601.Read(Json.Utf8(text), out _).ShouldBe(Iso8601Result.OutOfRange);

    [Fact]
    public void Every_instant_is_read_as_the_framework_writes_it()
    {
        Gen<(DateTimeOffset Instant, string Format)> cases =
            from day in Gen.Choose(0, 3_652_058)
            from milliseconds in Gen.Choose(0, 86_399_999)
            from offset in Gen.Choose(-14 * 60, 14 * 60)
            from format in Gen.Elements(
                "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz",
                "yyyy-MM-dd HH:mm:ss.fffzzz",
                "yyyy-MM-dd't'HH:mm:sszzz",
                "yyyy-MM-dd'T'HH:mmzzz"
            )
            let local = DateTime.MinValue.AddDays(day).AddMilliseconds(milliseconds)
            let utc = local.AddMinutes(day is 0 or 3_652_058 ? 0 : -offset)
            select (
                new DateTimeOffset(utc, TimeSpan.Zero).ToOffset(
                    TimeSpan.FromMinutes(day is 0 or 3_652_058 ? 0 : offset)
                ),
                format
            );

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5_000),
            Prop.ForAll(
                Arb.From(cases),
                one =>
                {
                    string text = one.Instant.ToString(one.Format, CultureInfo.InvariantCulture);
                    var written = DateTimeOffset.ParseExact(text, one.Format, CultureInfo.InvariantCulture);
                    return Iso8601.TryParse(Json.Utf8(text), out Timestamp value) && value == Timestamp.From(written);
                }
            )
        );
    }

    [Fact]
    public void Every_day_of_a_whole_cycle_of_leap_years_is_read_right()
    {
        for (var day = new DateTime(1899, 1, 1); day.Year < 2300; day = day.AddDays(1))
        {
            string text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            bool isRead = Iso8601.TryParse(Json.Utf8(text), out Timestamp value);
            if (!isRead || value.Milliseconds != (day.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond)
            {
                text.ShouldBe(value.ToString());
            }
        }
    }

    [Fact]
    public void Exactly_what_the_grammar_allows_is_well_formed()
    {
        const string valid = "2020-01-31T12:34:56.789+01:30";
        Gen<string> texts =
            from length in Gen.Choose(0, valid.Length)
            from cut in Gen.Choose(0, 3)
            from insert in Gen.Elements([.. "0159-:.,TtZz+ \0"]).ArrayOf()
            let tail = valid[Math.Min(valid.Length, length + cut)..]
            select valid[..length] + new string([.. insert.Take(3)]) + tail;

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5_000),
            Prop.ForAll(
                Arb.From(texts),
                text => (Iso8601.Read(Json.Utf8(text), out _) != Iso8601Result.Malformed) == Grammar().IsMatch(text)
            )
        );
    }

    // With one digit more it is not read in the quick way.
    [Fact]
    public void The_usual_form_is_read_like_any_other()
    {
        byte[] usual = [.. "2024-10-28T19:58:57.369Z"u8];
        for (int place = 0; place < usual.Length; place++)
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                byte[] text = [.. usual];
                text[place] = (byte)value;
                Iso8601Result result = Iso8601.Read(text, out Timestamp time);
                Iso8601Result expected = Iso8601.Read([.. text[..^1], (byte)'0', text[^1]], out Timestamp expectedTime);
                (result, time).ShouldBe((expected, expectedTime), $"{value:x2} at {place}");
            }
        }
    }

    [GeneratedRegex(
        @"\A\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)?)?\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Grammar();
}
