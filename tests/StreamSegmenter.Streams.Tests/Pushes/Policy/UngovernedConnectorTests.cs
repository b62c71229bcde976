using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>Pushes that came under rules, at a connector that has none any more.</summary>
public sealed class UngovernedConnectorTests
{
    private readonly PolicySituation _it = new();

    [Theory]
    [InlineData("")]
    [InlineData("\"priority\": \"urgent\"")]
    [InlineData("\"purpose\": \"operations\"")]
    [InlineData("\"ignore-quiet-hours\": true")]
    public async Task What_nothing_could_keep_back_is_sent(string options)
    {
        (await SendAsync(options)).ShouldBe(DeliveryResult.Delivered);
    }

    [Theory]
    [InlineData("\"purpose\": \"marketing\"")]
    [InlineData("\"purpose\": \"newsletter\"")] // nobody knows any more what it asked for
    [InlineData("\"expires\": \"1s\"")]
    [InlineData("\"recheck\": true")]
    [InlineData("\"collapse\": true")]
    [InlineData("\"digest\": \"1h\"")]
    public async Task What_came_under_rules_is_not_sent_as_if_there_were_none(string options)
    {
        DeliveryResult result = await SendAsync(options);

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Scope.ShouldBe(DeliveryScope.Unasked);
        result.Detail.ShouldContain("replay");
    }

    [Fact]
    public async Task What_is_about_a_segment_with_a_holdout_is_not_sent()
    {
        _it.Holdouts[new("vip")] = 5;

        (await SendAsync("")).Outcome.ShouldBe(DeliveryOutcome.Rejected);
    }

    private async Task<DeliveryResult> SendAsync(string options)
    {
        _it.Add(to: "desk", options: options);
        UngovernedConnector connector = new(new Taker(), _it.Policy);
        return await connector.SendAsync(_it.Pending[0].Push, CancellationToken.None);
    }

    private sealed class Taker : IConnector
    {
        public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken) =>
            new(DeliveryResult.Delivered);
    }
}
