namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>
/// A connector about whose pushes policy is not asked, because nothing configured for it could keep one back. A push
/// that came under rules nevertheless goes to the dead letters instead of to somebody who may have refused it. Does not
/// dispose the other one.
/// </summary>
public sealed class UngovernedConnector(IConnector inner, IPushPolicy policy) : IConnector
{
    private static readonly DeliveryResult s_refusal = DeliveryResult.Unsendable(
        "it came under rules of policy, and nothing that is configured for its connector has any, so nobody kept them: "
            + "configure a segment with such rules for the connector, or edit the push's options; then replay it"
    );

    public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken) =>
        policy.MayKeepBack(push) ? new(s_refusal) : inner.SendAsync(push, cancellationToken);
}
