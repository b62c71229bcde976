using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Conformance.Expectations;

/// <summary>What the product made, in the oracle's words.</summary>
public static class OracleForm
{
    public static OracleTransition ToOracle(this Transition transition) =>
        new(
            transition.At.Milliseconds,
            transition.Customer.Value,
            transition.Segment.Value,
            transition.Kind == TransitionKind.Entered,
            transition.Cause.Word(),
            transition.MessageId,
            (int)transition.Number
        );
}
