using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("as", 0x1C330FB2D66BE179)]
    [InlineData("asd", 0x631C37CE72A97393)]
    [InlineData("asdf", 0x415872F599CEA71E)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Known_texts_have_known_hashes(string text, ulong expected) =>
        XxHash64.Hash(Json.Utf8(text)).ShouldBe(expected);

    /// <summary>The sanity check of the reference implementation: a buffer from its generator, at seed 0.</summary>
    [Theory]
    [InlineData(1, 0xE934A84ADB052768)]
    [InlineData(4, 0x9136A0DCA57457EE)]
    [InlineData(14, 0x8282DCC4994E35C8)]
    [InlineData(222, 0xB641AE8CB691C174)]
    public void The_reference_sanity_check_passes(int length, ulong expected)
    {
        const ulong factor = 11_400_714_785_074_694_797;
        ulong generator = 2_654_435_761;
        byte[] buffer = new byte[length];
        for (int i = 0; i < length; i++)
        {
            buffer[i] = (byte)(generator >> 56);
            generator = unchecked(generator * factor);
        }

        XxHash64.Hash(buffer).ShouldBe(expected);
    }
}
