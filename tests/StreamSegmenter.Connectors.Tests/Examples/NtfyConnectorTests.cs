using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Examples;

/// <summary>The worked example of the documents does what they say, and is printed there as it is.</summary>
public sealed class NtfyConnectorTests
{
    [Theory]
    [InlineData(Conduct.Accept, DeliveryOutcome.Delivered)]
    [InlineData(Conduct.LimitRate, DeliveryOutcome.Retry)]
    [InlineData(Conduct.RefuseCredentials, DeliveryOutcome.Misconfigured)]
    [InlineData(Conduct.Refuse, DeliveryOutcome.Rejected)]
    [InlineData(Conduct.FailForNow, DeliveryOutcome.Unknown)]
    [InlineData(Conduct.TakeAndHangUp, DeliveryOutcome.Unknown)]
    internal async Task Its_answers_have_their_meaning(Conduct conduct, DeliveryOutcome expected)
    {
        await using var peer = await HttpPeer.StartAsync(Answer, "X-Id");
        peer.Conduct = conduct;
        using var client = new HttpClient();
        var connector = new NtfyConnector(client, new($"http://localhost:{peer.Port}/vip"));

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(expected);
        peer.Received.ShouldHaveSingleItem().ShouldBe(new(Pushes.Id, "u1 is in at-risk-vip"));
    }

    [Fact]
    public void The_document_prints_the_source()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Examples");
        string source = File.ReadAllText(Path.Combine(folder, "NtfyConnector.cs"));

        File.ReadAllText(Path.Combine(folder, "writing-one.md")).ShouldContain($"```csharp\n{source}```");
    }

    private static HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(200, "{}"),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(403),
            Conduct.Refuse => new(400),
            _ => new(500),
        };
}
