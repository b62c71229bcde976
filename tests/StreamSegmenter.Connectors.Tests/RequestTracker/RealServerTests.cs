using System.Text.Json;
using StreamSegmenter.Connectors.RequestTracker;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.RequestTracker;

/// <summary>The connector against a real helpdesk.</summary>
public sealed class RealServerTests
{
    private const string Name = "Zoë <b>&amp;</b> 😀 \"q\" \\";

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task A_customer_has_one_open_ticket_per_segment()
    {
        await using var rt = await RequestTrackerServer.StartAsync();
        var connector = Connector(rt);

        await DeliverAsync(connector, Push(1));
        await DeliverAsync(connector, Push(1)); // again, as after an answer that was lost
        await DeliverAsync(connector, Push(2, """{ "priority": "urgent" }"""));
        await DeliverAsync(connector, Push(2));

        var ticket = await rt.ReadAsync("ticket/1");
        ticket.GetProperty("Subject").GetString().ShouldBe($"For {Name}");
        ticket.GetProperty("Queue").GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
        ticket.GetProperty("Requestor")[0].GetProperty("id").GetString().ShouldBe("ann@example.com");
        ticket.GetProperty("Priority").ToString().ShouldBe("100");
        FieldOf(ticket, "Tags").ShouldBe(["vip", "segment"], ignoreOrder: true);
        (await CountAsync(rt, "Queue='VIP'")).ShouldBe(1);
        (await SaidAsync(rt, 1)).ShouldBe([$"Hello {Name}\n1", $"Hello {Name}\n2"]);

        await rt.ChangeAsync("ticket/1", """{ "Status": "resolved" }""");
        await DeliverAsync(connector, Push(2));
        await DeliverAsync(connector, Push(3));

        (await CountAsync(rt, "Queue='VIP'")).ShouldBe(2);
        (await CountAsync(rt, "Queue='VIP' AND Status='new'")).ShouldBe(1);
    }

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task An_addition_whose_answer_is_lost_is_not_made_again()
    {
        await using var rt = await RequestTrackerServer.StartAsync();
        await using var tap = new WireTap(rt.Port, hangsUpAfter: said => said.Contains("/ticket/1/comment"));
        var connector = Connector(rt);
        await DeliverAsync(connector, Push(1));

        var lost = await Connector(rt, options => options.Url = new($"http://127.0.0.1:{tap.Port}"))
            .SendAsync(Push(2), CancellationToken.None);
        await DeliverAsync(connector, Push(2));
        await DeliverAsync(connector, Push(3));

        lost.Outcome.ShouldBe(DeliveryOutcome.Unknown, lost.Detail);
        (await SaidAsync(rt, 1)).ShouldBe([$"Hello {Name}\n1", $"Hello {Name}\n2", $"Hello {Name}\n3"]);
        (await CountAsync(rt, "Queue='VIP'")).ShouldBe(1);
    }

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task The_servers_refusals_are_understood()
    {
        await using var rt = await RequestTrackerServer.StartAsync();

        var badPassword = await Connector(rt, options => options.Password = new("guess"))
            .SendAsync(Push(1), CancellationToken.None);
        var badQueue = await Connector(rt, options => options.Queue = "Nowhere")
            .SendAsync(Push(1), CancellationToken.None);

        badPassword.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, badPassword.Detail);
        badQueue.Outcome.ShouldBe(DeliveryOutcome.Misconfigured, badQueue.Detail);
    }

    private static IConnector Connector(RequestTrackerServer rt, Action<RequestTrackerOptions>? configure = null)
    {
        var options = new RequestTrackerOptions
        {
            Url = new(rt.Url),
            AllowHttp = true,
            Timeout = TimeSpan.FromMinutes(1),
            Username = "bot",
            Password = new(RequestTrackerServer.Password),
            Queue = "VIP",
            ExternalIdField = "Push",
            TagsField = "Tags",
            Tags = ["vip", "segment"],
            Priority = "low",
        };
        configure?.Invoke(options);
        var template = new TemplateOptions
        {
            Subject = "For {{profile.name}}",
            Text = "Hello {{profile.name}}\n{{profile.visit}}",
        };
        return TestServices.Connector(options, TestServices.Create(TestServices.Templates(("default", template))));
    }

    private static Push Push(int number, string? options = null)
    {
        string profile = JsonSerializer.Serialize(
            new
            {
                name = Name,
                email = "ann@example.com",
                visit = number,
            }
        );
        return Pushes.Create(profile, options, id: $"{number}".PadRight(32, '0'));
    }

    private static async Task DeliverAsync(IConnector connector, Push push)
    {
        // The server may close a connection just when it is used again; what was not sent is then sent anew.
        DeliveryResult result;
        int attempts = 0;
        do
        {
            result = await connector.SendAsync(push with { Attempts = attempts++ }, CancellationToken.None);
        } while (result.Outcome == DeliveryOutcome.Retry && attempts < 5);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
    }

    private static async Task<int> CountAsync(RequestTrackerServer rt, string query) =>
        (await rt.ReadAsync($"tickets?query={Uri.EscapeDataString(query)}")).GetProperty("total").GetInt32();

    private static string[] FieldOf(JsonElement ticket, string name) =>
        [
            .. ticket
                .GetProperty("CustomFields")
                .EnumerateArray()
                .Where(field => field.GetProperty("name").GetString() == name)
                .SelectMany(field => field.GetProperty("values").EnumerateArray())
                .Select(value => value.GetString()!),
        ];

    private static async Task<string[]> SaidAsync(RequestTrackerServer rt, int ticket)
    {
        var list = await rt.ReadAsync($"ticket/{ticket}/attachments?per_page=50&fields=ContentType");
        var said = new List<string>();
        foreach (var item in list.GetProperty("items").EnumerateArray())
        {
            if (item.GetProperty("ContentType").GetString() == "text/plain")
            {
                said.Add(await rt.ReadContentAsync(item.GetProperty("id").ToString()));
            }
        }

        return [.. said.Order(StringComparer.Ordinal)];
    }
}
