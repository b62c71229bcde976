using System.Text.RegularExpressions;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed partial class RejectReasonTests
{
    [Fact]
    public void Every_reason_has_a_code_of_its_own_made_from_its_name()
    {
        foreach (RejectReason reason in Enum.GetValues<RejectReason>())
        {
            string words = Hump().Replace(reason.ToString(), "-$0");
            reason.Code().ShouldBe(words.ToLowerInvariant());
        }
    }

    [Fact]
    public void A_number_that_is_no_reason_has_no_code() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ((RejectReason)255).Code());

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex Hump();
}
