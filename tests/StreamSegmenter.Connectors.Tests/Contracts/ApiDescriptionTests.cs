using StreamSegmenter.Connectors.Discord;
using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Teams;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Zendesk;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Contracts;

/// <summary>Our requests, judged by programs of others by the descriptions that vendors publish.</summary>
public sealed class ApiDescriptionTests(ContractPackages packages) : IClassFixture<ContractPackages>
{
    private const string Slack = "slack-strict.json";
    private const string Discord = "discord.json";
    private const string Zendesk = "zendesk-strict.json";
    private const string Card = "adaptive-card-1.5.0.json";

    [NeedsDescriptionFact(Slack)]
    public async Task Slack_takes_our_messages()
    {
        await using var prism = await StartAsync(Slack);
        var options = new SlackApiOptions
        {
            Url = new($"{prism.Url}/chat.postMessage"),
            AllowHttp = true,
            Token = new("xoxb-1"),
            Channel = "C1",
        };
        await ExpectDeliveryAsync(options);

        options.Blocks = """
            [ { "type": "header", "text": { "type": "plain_text", "text": "{{segment.name}}" } },
              { "type": "section", "text": { "type": "mrkdwn", "text": "*{{profile.name}}*" } } ]
            """;
        await ExpectDeliveryAsync(options);
        await ExpectRefusalAsync(
            $"{prism.Url}/chat.postMessage",
            """{ "text": "no channel" }""",
            login: "Bearer xoxb-1"
        );
    }

    [NeedsDescriptionFact(Discord)]
    public async Task Discord_takes_our_messages()
    {
        const string Operation = "/webhooks/{webhook_id}/{webhook_token}";
        string description = await File.ReadAllTextAsync(NeedsDescriptionFactAttribute.PathOf(Discord));
        string sliced = Path.Combine((await packages.GetAsync()).Path, Discord);
        await File.WriteAllTextAsync(sliced, ApiDescription.Only(description, Operation, "post"));
        await using var prism = await PrismServer.StartAsync(await packages.GetAsync(), sliced);
        string url = $"{prism.Url}/webhooks/123456789012345678/t0ken";
        await ExpectDeliveryAsync(
            new DiscordOptions
            {
                Url = new(url),
                AllowHttp = true,
                Username = "seg",
            }
        );

        await ExpectRefusalAsync(url, $$"""{ "content": "{{new string('x', 2_001)}}" }""");
    }

    [NeedsDescriptionFact(Zendesk)]
    public async Task Zendesk_takes_our_tickets()
    {
        await using var prism = await StartAsync(Zendesk);
        string[] found =
        [
            """{ "tickets": [] }""",
            """{ "tickets": [{ "id": 5, "status": "open", "tags": ["x"], "updated_at": "2020-01-30T00:00:00Z" }] }""",
        ];
        foreach (string tickets in found)
        {
            await using var peer = await HttpPeer.StartAsync(_ => new(200, "{}"));
            peer.Lookup = request => request.Method == "GET" ? new(200, tickets) : null;
            await ExpectDeliveryAsync(
                new ZendeskOptions
                {
                    Url = new($"http://localhost:{peer.Port}"),
                    AllowHttp = true,
                    Email = "bot@example.com",
                    ApiToken = new("t0ken"),
                    Priority = "high",
                    Tags = ["vip"],
                }
            );
            foreach (var request in peer.Requests.Where(request => request.Method != "GET"))
            {
                await ExpectAcceptanceAsync(request, prism.Url);
            }
        }

        await ExpectRefusalAsync(
            $"{prism.Url}/api/v2/tickets",
            """{ "ticket": { "subject": "s", "comment": { "body": "b" }, "priority": "critical" } }""",
            login: "Basic Ym90OnQ="
        );
    }

    [NeedsDescriptionFact(Card)]
    public async Task Our_cards_are_adaptive_cards()
    {
        string schema = NeedsDescriptionFactAttribute.PathOf(Card);
        var node = await packages.GetAsync();
        foreach (
            string name in NaughtyStrings.All.Where(name => name.Length is > 0 and < 10_000).Chunk(40).Select(Join)
        )
        {
            await using var peer = await HttpPeer.StartAsync(_ => new(202));
            var options = new TeamsOptions { Url = new($"http://localhost:{peer.Port}/x"), AllowHttp = true };
            await TestServices.Connector(options, Services()).SendAsync(Pushes.Named(name), CancellationToken.None);
            var card = peer.Requests[0].Json.GetProperty("attachments")[0].GetProperty("content");

            var (isCard, errors) = await node.RunAsync("card.js", schema, card.GetRawText());

            isCard.ShouldBeTrue(errors);
        }

        var (isNone, _) = await node.RunAsync("card.js", schema, """{ "type": "AdaptiveCard", "body": [ 5 ] }""");
        isNone.ShouldBeFalse("the schema is not blind");
    }

    private static string Join(string[] names) => string.Join('\n', names);

    private async Task<PrismServer> StartAsync(string description) =>
        await PrismServer.StartAsync(await packages.GetAsync(), NeedsDescriptionFactAttribute.PathOf(description));

    private static async Task ExpectDeliveryAsync(ConnectorOptions options)
    {
        var connector = TestServices.Connector(options, Services());
        foreach (string name in new[] { "Ann", "Zoë 😀 \"<!channel>\" @everyone", new string('x', 40_000) })
        {
            var result = await connector.SendAsync(Pushes.Named(name), CancellationToken.None);

            result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        }
    }

    private static async Task ExpectAcceptanceAsync(HttpRequestSeen request, string server)
    {
        using var client = new HttpClient();
        using var repeated = new HttpRequestMessage(new HttpMethod(request.Method), server + request.Path);
        repeated.Content = new ByteArrayContent(request.Body);
        repeated.Content.Headers.ContentType = new("application/json");
        repeated.Headers.TryAddWithoutValidation("Authorization", request.Headers["Authorization"]);
        using var response = await client.SendAsync(repeated);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    // Shows that the description is able to refuse.
    private static async Task ExpectRefusalAsync(string url, string body, string? login = null)
    {
        var options = new HttpApiOptions
        {
            Url = new(url),
            AllowHttp = true,
            AllowPrivateAddresses = true,
            Body = body,
        };
        if (login is not null)
        {
            options.Headers = new Dictionary<string, Secret>(StringComparer.Ordinal) { ["Authorization"] = new(login) };
        }

        var result = await TestServices.Connector(options).SendAsync(Pushes.Create(), CancellationToken.None);

        result.Detail.ShouldStartWith("HTTP 422");
    }

    private static ConnectorServices Services() =>
        TestServices.Create(
            TestServices.Templates(
                ("default", new TemplateOptions { Subject = "{{profile.name}}", Text = "Hello {{profile.name}}" })
            )
        );
}
