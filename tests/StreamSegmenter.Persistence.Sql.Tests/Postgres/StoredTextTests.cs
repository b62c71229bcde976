using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Persistence.Sql.Postgres;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

public sealed class StoredTextTests
{
    [Fact]
    public void Text_is_utf8()
    {
        foreach (string name in NaughtyText.Names)
        {
            StoredText.Encode(name).ShouldBe(Encoding.UTF8.GetBytes(name));
            StoredText.Decode(StoredText.Encode(name)).ShouldBe(name);
        }
    }

    [Theory]
    [InlineData(new[] { 0xD800 }, "EDA080")]
    [InlineData(new[] { 0xDFFF }, "EDBFBF")]
    [InlineData(new[] { 'a', 0xDBFF, 'b' }, "61EDAFBF62")]
    [InlineData(new[] { 0xDC00, 0xD83D, 0xDE00, 0xD83D }, "EDB080F09F9880EDA0BD")]
    public void Lone_surrogates_come_back(int[] units, string bytes)
    {
        string text = string.Concat(units.Select(unit => (char)unit));

        Convert.ToHexString(StoredText.Encode(text)).ShouldBe(bytes);
        StoredText.Decode(Convert.FromHexString(bytes)).ShouldBe(text);
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("EDA0")]
    [InlineData("ED8080ED")]
    public void Other_bytes_are_refused(string bytes) =>
        Should.Throw<InvalidDataException>(() => StoredText.Decode(Convert.FromHexString(bytes)));
}
