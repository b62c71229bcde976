using System.Net;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Node.Tests.Consents;

public sealed class UnsubscribeTests : IAsyncLifetime
{
    private static readonly CustomerId s_ann = new("ann");
    private static readonly Timestamp s_noon = new(1_780_000_000_000);

    private WholeNode _node = null!;
    private UnsubscribeTokens _tokens = null!;

    public async Task InitializeAsync()
    {
        _node = await WholeNode.StartAsync(
            """
            unsubscribe.secret = "a secret of this test"
            connectors.mail {
              type = email, host = localhost, from = "shop@example.com"
              unsubscribe-url = "https://events.example.com/v1/unsubscribe/{{unsubscribe.token}}"
            }
            """
        );
        _tokens = _node.Configuration.Unsubscribe.ShouldNotBeNull();
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task One_click_takes_the_consent_back_and_the_policy_lets_nothing_out_after_it()
    {
        (await DecideAsync()).ShouldBeOfType<PolicyDecision.Send>();

        using HttpResponseMessage answer = await _node.IngestAsync(
            HttpMethod.Post,
            PathTo("service"),
            "List-Unsubscribe=One-Click"
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("You are unsubscribed");
        JsonElement said = (await _node.ConsentsOfAsync("ann", history: 1)).GetProperty("history")[0];
        said.GetProperty("via").GetString().ShouldBe("unsubscribe");
        said.GetProperty("channel").GetString().ShouldBe("email");
        said.GetProperty("purpose").GetString().ShouldBe("service");
        said.GetProperty("granted").GetBoolean().ShouldBeFalse();
        (await DecideAsync()).ShouldBeOfType<PolicyDecision.Drop>();
    }

    [Fact]
    public async Task A_running_node_sends_nothing_more_to_who_has_unsubscribed()
    {
        await using WholeNode node = await WholeNode.StartAsync(
            """
            unsubscribe.secret = "a secret of this test"
            connectors.out { type = console, policy { channel = email, purpose = service } }
            segments.buyer { rule = "exists(buy)", on-enter = [ { to = out } ] }
            """
        );
        using HttpResponseMessage answer = await node.IngestAsync(HttpMethod.Post, PathTo("service"));
        answer.EnsureSuccessStatusCode();
        await node.EventAsync("""{"type":"track","event":"buy","userId":"ann"}""");
        await node.EventAsync("""{"type":"track","event":"buy","userId":"bob"}""");

        OutboxCounts counts = await node.SettledAsync(pushes: 2);

        counts.Delivered.ShouldBe(1);
        counts.Dropped.ShouldBe(1);
    }

    [Fact]
    public async Task To_look_at_the_page_changes_nothing()
    {
        using HttpResponseMessage page = await _node.IngestAsync(HttpMethod.Get, PathTo("service"));

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await page.Content.ReadAsStringAsync()).ShouldContain("<form method=\"post\"><button");

        // What comes later in the log is there, and nothing before it.
        await _node.EventAsync("""{"type":"identify","userId":"ann","traits":{"consent":{"sms":true}}}""");
        JsonElement told = await _node.ConsentsOfAsync("ann", history: 1);
        told.GetProperty("history")[0].GetProperty("channel").GetString().ShouldBe("sms");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Forged_tokens_are_refused(string method)
    {
        string right = PathTo("service");
        string other = new UnsubscribeTokens("another secret of tests").Make(new(s_ann, "email", null));
        foreach (string path in new[] { right[..^1], right[..^4] + "AAAA", "/v1/unsubscribe/" + other, right + "A" })
        {
            using HttpResponseMessage answer = await _node.IngestAsync(new(method), path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        await _node.EventAsync("""{"type":"identify","userId":"ann","traits":{"consent":{"sms":true}}}""");
        await _node.ConsentsOfAsync("ann", history: 1);
    }

    [Fact]
    public async Task Without_a_secret_there_are_no_links()
    {
        await using WholeNode plain = await WholeNode.StartAsync("");

        plain.Configuration.Unsubscribe.ShouldBeNull();
        using HttpResponseMessage answer = await plain.IngestAsync(HttpMethod.Post, PathTo("service"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private string PathTo(string purpose) => "/v1/unsubscribe/" + _tokens.Make(new(s_ann, "email", purpose));

    private async Task<PolicyDecision> DecideAsync()
    {
        var consents = await _node.Consents.GetCurrentAsync([s_ann], default);
        CustomerFacts facts = new(
            s_ann,
            consents.GetValueOrDefault(s_ann) ?? [],
            new HashSet<Suppression>(),
            [],
            new Dictionary<SegmentName, Standing>(),
            new HashSet<PushId>()
        );
        byte[] content = Encoding.UTF8.GetBytes(
            """
            {"customer":"ann","transition":{"kind":"entered","number":1},"segment":{"name":"s"},
             "profile":{"email":"ann@example.com"},"options":{}}
            """
        );
        Push push = new(new("p1"), new("mail"), s_ann, 0, content);
        PendingPush pending = new(new(new(0), 1), push, s_noon, s_noon);
        return new PushPolicy(_node.Configuration.Policy).Decide(facts, [pending], s_noon).ShouldHaveSingleItem();
    }
}
