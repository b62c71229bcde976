using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.HttpApi;

/// <summary>The connector that is all settings, against a real chat server.</summary>
public sealed class EjabberdTests
{
    private const string Message = """
        { "type": "chat", "from": "bot@localhost", "to": "ann@localhost", "subject": "", "body": "Hi {{profile.name}}" }
        """;

    [NeedsFact(EjabberdServer.Program)]
    public async Task A_message_arrives_at_a_chat_client_as_it_was_meant()
    {
        const string Name = "Zoë <b>&amp;</b> 😀 \"q\" \\ \", \"to\": \"bot@localhost";
        await using var ejabberd = await EjabberdServer.StartAsync();

        var result = await SendAsync(ejabberd, Name, Message);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        (await ejabberd.ReadMessageAsync()).ShouldBe($"Hi {Name}");
    }

    [NeedsFact(EjabberdServer.Program)]
    public async Task The_servers_refusals_are_understood()
    {
        await using var ejabberd = await EjabberdServer.StartAsync();

        var badPassword = await SendAsync(ejabberd, "Ann", Message, options => options.Password = new("guess"));
        var badCommand = await SendAsync(ejabberd, "Ann", "{}", options => options.Url = new($"{ejabberd.Api}/status"));
        var badBody = await SendAsync(ejabberd, "Ann", """{ "to": "ann@localhost" }""");

        badPassword.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, badPassword.Detail);
        badCommand.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, badCommand.Detail);
        badBody.Outcome.ShouldBe(DeliveryOutcome.Rejected, badBody.Detail);
    }

    private static async Task<DeliveryResult> SendAsync(
        EjabberdServer ejabberd,
        string name,
        string body,
        Action<HttpApiOptions>? configure = null
    )
    {
        var options = new HttpApiOptions
        {
            Url = new($"{ejabberd.Api}/send_message"),
            AllowHttp = true,
            AllowPrivateAddresses = true,
            Username = "bot@localhost",
            Password = new(EjabberdServer.BotPassword),
            Body = body,
            Answers = [new() { Status = "400", Means = DeliveryOutcome.Rejected }],
        };
        configure?.Invoke(options);
        return await TestServices.Connector(options).SendAsync(Pushes.Named(name), CancellationToken.None);
    }
}
