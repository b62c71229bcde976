using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

internal static class PolicyDecisionAssertions
{
    /// <summary>It goes out, or it ends.</summary>
    public static void ShouldBeSent(this PolicyDecision decision, bool isSent) =>
        decision.ShouldBeOfType(
            isSent ? typeof(PolicyDecision.Send) : typeof(PolicyDecision.Drop),
            decision.ToString()
        );

    public static void ShouldWaitUntil(this PolicyDecision decision, TimeSpan sinceNoon, string code)
    {
        var wait = decision.ShouldBeOfType<PolicyDecision.Wait>(decision.ToString());
        wait.Until.ShouldBe(PolicySituation.Later(sinceNoon), wait.ToString());
        wait.Reason.ShouldStartWith($"{code}: ");
    }
}
