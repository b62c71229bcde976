using System.Text.Json;
using StreamSegmenter.Connectors.RequestTracker;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.RequestTracker;

/// <summary>
/// The connector against a real helpdesk, which takes long to start, so each test has a customer of its own.
/// </summary>
public sealed class RealServerTests(RealServerTests.Server server) : IClassFixture<RealServerTests.Server>
{
    private const string Name = "Zoë <b>&amp;</b> 😀 \"q\" \\";

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task A_customer_has_one_open_ticket_per_segment()
    {
        var rt = await server.StartedAsync();
        var connector = Connector(rt);

        await DeliverAsync(connector, Push("ann", 1));
        await DeliverAsync(connector, Push("ann", 1)); // again, as after an answer that was lost
        await DeliverAsync(connector, Push("ann", 2, """{ "priority": "urgent" }"""));
        await DeliverAsync(connector, Push("ann", 2));

        string id = await OnlyTicketAsync(rt, "ann");
        var ticket = await rt.ReadAsync($"ticket/{id}");
        ticket.GetProperty("Subject").GetString().ShouldBe($"For {Name}");
        ticket.GetProperty("Queue").GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
        ticket.GetProperty("Requestor")[0].GetProperty("id").GetString().ShouldBe("ann@example.com");
        ticket.GetProperty("Priority").ToString().ShouldBe("100");
        FieldOf(ticket, "Tags").ShouldBe(["vip", "segment"], ignoreOrder: true);
        (await SaidAsync(rt, id)).ShouldBe([$"Hello {Name}\n1", $"Hello {Name}\n2"]);

        await rt.ChangeAsync($"ticket/{id}", """{ "Status": "resolved" }""");
        await DeliverAsync(connector, Push("ann", 2));
        await DeliverAsync(connector, Push("ann", 3));

        (await TicketsAsync(rt, "ann")).Length.ShouldBe(2);
        (await TicketsAsync(rt, "ann", "new")).Length.ShouldBe(1);
    }

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task An_addition_whose_answer_is_lost_is_not_made_again()
    {
        var rt = await server.StartedAsync();
        await using var tap = new WireTap(rt.Port, hangsUpAfter: said => said.Contains("/comment HTTP/"));
        var connector = Connector(rt);
        await DeliverAsync(connector, Push("bob", 1));

        var tapped = Connector(rt, options => options.Url = new($"http://127.0.0.1:{tap.Port}"));
        var lost = await AttemptAsync(tapped, Push("bob", 2), DeliveryOutcome.Retry);
        await DeliverAsync(connector, Push("bob", 2));
        await DeliverAsync(connector, Push("bob", 3));

        lost.Outcome.ShouldBe(DeliveryOutcome.Unknown, lost.Detail);
        string id = await OnlyTicketAsync(rt, "bob");
        (await SaidAsync(rt, id)).ShouldBe([$"Hello {Name}\n1", $"Hello {Name}\n2", $"Hello {Name}\n3"]);
    }

    [NeedsFact(RequestTrackerServer.Program)]
    public async Task The_servers_refusals_are_understood()
    {
        var rt = await server.StartedAsync();

        var stranger = Connector(rt, options => options.Password = new("guess"));
        var badPassword = await AttemptAsync(stranger, Push("eve", 1), DeliveryOutcome.Retry, DeliveryOutcome.Unknown);
        var lost = Connector(rt, options => options.Queue = "Nowhere");
        var badQueue = await AttemptAsync(lost, Push("eve", 1), DeliveryOutcome.Retry, DeliveryOutcome.Unknown);

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

    private static Push Push(string customer, int number, string? options = null)
    {
        string profile = JsonSerializer.Serialize(
            new
            {
                name = Name,
                email = $"{customer}@example.com",
                visit = number,
            }
        );
        return Pushes.Create(profile, options, id: $"{number}".PadRight(32, '0')) with { Customer = new(customer) };
    }

    private static async Task DeliverAsync(IConnector connector, Push push)
    {
        var result = await AttemptAsync(connector, push, DeliveryOutcome.Retry, DeliveryOutcome.Unknown);
        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
    }

    // As the relay does: the server now and then resets a connection before it has read the request.
    private static async Task<DeliveryResult> AttemptAsync(
        IConnector connector,
        Push push,
        params DeliveryOutcome[] repeated
    )
    {
        for (int attempts = 0; ; attempts++)
        {
            var result = await connector.SendAsync(push with { Attempts = attempts }, CancellationToken.None);
            if (!repeated.Contains(result.Outcome) || attempts == 4)
            {
                return result;
            }
        }
    }

    private static async Task<string> OnlyTicketAsync(RequestTrackerServer rt, string customer) =>
        (await TicketsAsync(rt, customer)).ShouldHaveSingleItem();

    private static async Task<string[]> TicketsAsync(RequestTrackerServer rt, string customer, string? status = null)
    {
        string query = $"Queue='VIP' AND Requestor.EmailAddress='{customer}@example.com'";
        query += status is null ? "" : $" AND Status='{status}'";
        var found = await rt.ReadAsync($"tickets?query={Uri.EscapeDataString(query)}");
        return [.. found.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").ToString())];
    }

    private static string[] FieldOf(JsonElement ticket, string name) =>
        [
            .. ticket
                .GetProperty("CustomFields")
                .EnumerateArray()
                .Where(field => field.GetProperty("name").GetString() == name)
                .SelectMany(field => field.GetProperty("values").EnumerateArray())
                .Select(value => value.GetString()!),
        ];

    private static async Task<string[]> SaidAsync(RequestTrackerServer rt, string ticket)
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

    public sealed class Server : IAsyncLifetime
    {
        private readonly Lazy<Task<RequestTrackerServer>> _server = new(RequestTrackerServer.StartAsync);

        internal Task<RequestTrackerServer> StartedAsync() => _server.Value;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_server.IsValueCreated)
            {
                await (await _server.Value).DisposeAsync();
            }
        }
    }
}
