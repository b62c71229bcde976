using StreamSegmenter.Connectors.Helpdesk;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Helpdesk;

/// <summary>What holds for every helpdesk besides: one open ticket per customer and segment.</summary>
public abstract class HelpdeskConformance : HttpConnectorConformance
{
    private protected static readonly string Thread = Ticket.ThreadOf("u1", "at-risk-vip");
    private protected static readonly string Mark = Ticket.MarkOf(new PushId(Pushes.Id));

    private HttpReply? _lookup;

    /// <summary>The answer of a helpdesk that has a ticket, with the given mark, or none.</summary>
    private protected abstract HttpReply Found(bool isOpen, string mark);

    private protected abstract HttpReply FoundNothing { get; }

    /// <summary>Whether the request adds to the ticket that was found.</summary>
    private protected abstract bool IsUpdate(HttpRequestSeen request);

    private protected sealed override HttpReply? Lookup(HttpRequestSeen request) =>
        request.Method == "GET" ? _lookup ?? FoundNothing : null;

    [Fact]
    public async Task Without_a_ticket_one_is_created()
    {
        var (result, request) = await PostAsync(Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        IsUpdate(request.ShouldNotBeNull()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_open_ticket_is_added_to()
    {
        _lookup = Found(isOpen: true, mark: "push-other");

        var (result, request) = await PostAsync(Pushes.Create());

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        IsUpdate(request.ShouldNotBeNull()).ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(request.Body).ShouldContain(Mark);
    }

    [Fact]
    public async Task A_finished_ticket_is_left_alone()
    {
        _lookup = Found(isOpen: false, mark: "push-other");

        var (_, request) = await PostAsync(Pushes.Create());

        IsUpdate(request.ShouldNotBeNull()).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_push_that_left_its_mark_is_not_told_again(bool isOpen)
    {
        _lookup = Found(isOpen, Mark);

        var (result, request) = await PostAsync(Pushes.Create());

        result.ShouldBe(DeliveryResult.Delivered);
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData(200, "<html>", DeliveryOutcome.Retry)]
    [InlineData(200, "{}", DeliveryOutcome.Retry)]
    [InlineData(200, "[]", DeliveryOutcome.Retry)]
    [InlineData(401, "", DeliveryOutcome.Misconfigured)]
    [InlineData(429, "", DeliveryOutcome.Retry)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public async Task Where_the_search_fails_nothing_is_created(int status, string body, DeliveryOutcome expected)
    {
        _lookup = new HttpReply(status, body);

        var (result, request) = await PostAsync(Pushes.Create());

        result.Outcome.ShouldBe(expected, result.Detail);
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_ticket_that_was_deleted_meanwhile_is_replaced(int status)
    {
        _lookup = Found(isOpen: true, mark: "push-other");
        await using var peer = await HttpPeer.StartAsync(Answer);
        peer.Lookup = request => IsUpdate(request) ? new HttpReply(status, "{}") : Lookup(request);
        var connector = TestServices.Connector(OptionsAt($"http://localhost:{peer.Port}"));

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        IsUpdate(peer.Requests[^1]).ShouldBeFalse();
        System.Text.Encoding.UTF8.GetString(peer.Requests[^1].Body).ShouldContain(Mark);
    }

    [Fact]
    public async Task A_push_may_set_its_priority_but_not_any()
    {
        var (right, _) = await PostAsync(Pushes.Create(options: """{ "priority": "urgent" }"""));
        var (wrong, request) = await PostAsync(Pushes.Create(options: """{ "priority": "asap" }"""));

        right.Outcome.ShouldBe(DeliveryOutcome.Delivered, right.Detail);
        wrong.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        request.ShouldBeNull();
    }

    [Fact]
    public void Customers_and_segments_share_no_thread() =>
        new[] { ("u1", "s"), ("u", "1s"), ("u1\n", "s"), ("u1", "\ns"), ("u2", "s") }
            .Select(pair => Ticket.ThreadOf(pair.Item1, pair.Item2))
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(5);
}
