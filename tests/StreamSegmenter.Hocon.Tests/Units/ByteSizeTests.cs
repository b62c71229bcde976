using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1048576", 1_048_576)]
    [InlineData("5B", 5)]
    [InlineData("5 b", 5)]
    [InlineData("1 byte", 1)]
    [InlineData("2 bytes", 2)]
    [InlineData("1kB", 1000)]
    [InlineData("1 kilobyte", 1000)]
    [InlineData("2 kilobytes", 2000)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1 megabytes", 1_000_000)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("1TB", 1_000_000_000_000)]
    [InlineData("1PB", 1_000_000_000_000_000)]
    [InlineData("1EB", 1_000_000_000_000_000_000)]
    [InlineData("1k", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("1Ki", 1024)]
    [InlineData("1KiB", 1024)]
    [InlineData("1 kibibyte", 1024)]
    [InlineData("1024K", 1_048_576)]
    [InlineData("1m", 1_048_576)]
    [InlineData("1M", 1_048_576)]
    [InlineData("0.5M", 524_288)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("1 mebibytes", 1_048_576)]
    [InlineData("1g", 1_073_741_824)]
    [InlineData("1 gibibyte", 1_073_741_824)]
    [InlineData("1Ti", 1_099_511_627_776)]
    [InlineData("1p", 1_125_899_906_842_624)]
    [InlineData("7EiB", 8_070_450_532_247_928_832)]
    [InlineData("0.0000001ZB", 100_000_000_000_000)]
    public void Every_unit_is_read(string text, long bytes)
    {
        ByteSize.TryParse(text, out var size).ShouldBeTrue();

        size.Bytes.ShouldBe(bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("1 KB")]
    [InlineData("1mb")]
    [InlineData("1MIB")]
    [InlineData("-1")]
    [InlineData("8EiB")]
    [InlineData("1YB")]
    [InlineData("0.5YB")]
    [InlineData("1 s")]
    public void What_is_no_size_is_refused(string? text)
    {
        ByteSize.TryParse(text, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1000, "1000B")]
    [InlineData(1024, "1KiB")]
    [InlineData(67_108_864, "64MiB")]
    [InlineData(1L << 60, "1EiB")]
    public void The_shortest_exact_form_is_written(long bytes, string text)
    {
        new ByteSize(bytes).ToString().ShouldBe(text);
        ByteSize.Parse(text, provider: null).ShouldBe(new ByteSize(bytes));
    }

    [Fact]
    public void Sizes_compare_by_their_bytes()
    {
        var (small, large) = (new ByteSize(1), new ByteSize(2));

        (small < large).ShouldBeTrue();
        (small <= large).ShouldBeTrue();
        (small > large).ShouldBeFalse();
        (small >= large).ShouldBeFalse();
    }

    [Fact]
    public void A_negative_size_cannot_be_made()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => new ByteSize(-1));
    }
}
