using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Connectors;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Pushes;
using StreamSegmenter.Node.Tests.Configuration;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Pushes;

/// <summary>What operators do about pushes, over the API of a node.</summary>
public sealed class PushApiTests : IAsyncLifetime
{
    private const string Secret = "a secret of this test";
    private static readonly Timestamp Noon = new(1_580_472_000_000);
    private static readonly ConnectorName Fax = new("fax");

    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = new();
    private WebApplication _web = null!;

    public async Task InitializeAsync()
    {
        _web = WebHost.Build(new(IPAddress.Loopback, 0), 1 << 16, NullLoggerFactory.Instance);
        NodeConfiguration loaded = Loading.Loaded(
            """
            segments.seen.rule = "exists(any)"
            templates { x.text = hello, y.text = bye, other.text = x, page.html = "<p>" }
            connectors.mail { type = console }
            connectors.fax { type = slack-webhook, url = "https://a.example/" }
            """
        );
        ConnectorFactory factory = new(
            new()
            {
                Templates = loaded.Templates,
                Time = _time,
                Output = TextWriter.Null,
            }
        );
        PushEditCheck check = new(new(loaded.Policy), factory, loaded.Connectors);
        new PushEndpoints(
            new ApiAnswers(new(Secret)),
            _store.PushAdministration,
            check,
            connector => connector.Value == "mail",
            new OutboxSignal(),
            _time
        ).Map(_web);
        await _web.StartAsync();
        _http.BaseAddress = WebHost.AddressOf(_web);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);

        ShardLease lease = (await _store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes =
        [
            .. new[] { "a", "b", "c", "sent", "dropped", "merged", "gone", "waiting", "quiet" }.Select(
                (id, i) => Push(id, i + 1, id == "b" ? "new" : "vip")
            ),
        ];
        await _store.Committer.CommitEffectsAsync(lease, new(new(1), [], [], pushes), default);
        await _store.Outbox.UpdateAsync(
            [
                new OutboxUpdate.Dead(new("a"), 3, Noon, "rejected: 422 no such template"),
                new OutboxUpdate.Dead(new("b"), 3, Noon.Plus(1), "rejected: 422 no such template"),
                new OutboxUpdate.Held(new("c"), 1, Noon, "no answer") { UnknownAt = Noon },
                new OutboxUpdate.Delivered(new("sent"), 1, Noon),
                new OutboxUpdate.Dropped(new("dropped"), Noon, "refused: email, purpose marketing"),
                new OutboxUpdate.Merged(new("merged"), new("sent"), Noon.Plus(1), "digest: a part of sent"),
                new OutboxUpdate.Dead(new("gone"), 3, Noon, "rejected: 422 no such template"),
                new OutboxUpdate.Deferred(new("quiet"), Noon.Plus(5), Noon, "quiet-hours: until then"),
            ],
            default
        );
        await _store.PushAdministration.DiscardAsync([new("gone")], Noon, default);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task Pushes_are_listed_by_state_and_filter()
    {
        (await ListAsync("")).ShouldBe("a b");
        (await ListAsync("?state=held")).ShouldBe("c");
        (await ListAsync("?segment=vip")).ShouldBe("a");
        (await ListAsync("?connector=mail&customer=ann&reason=TEMPLATE")).ShouldBe("a b");
        (await ListAsync("?customer=bob")).ShouldBe("");

        (_, JsonElement first) = await AskAsync(HttpMethod.Get, "/v1/pushes?limit=1");
        Ids(first).ShouldBe("a");
        (await ListAsync($"?after={first.GetProperty("next").GetString()}")).ShouldBe("b");
        JsonElement a = first.GetProperty("pushes")[0];
        a.GetProperty("state").GetString().ShouldBe("dead");
        a.GetProperty("settledAt").GetString().ShouldBe("2020-01-31T12:00:00.000Z");
        a.GetProperty("attempts").GetInt32().ShouldBe(3);
        a.TryGetProperty("content", out _).ShouldBeFalse("a list is short");
    }

    [Theory]
    [InlineData("delivered", "sent", null)]
    [InlineData("dropped", "dropped", "refused: email, purpose marketing")]
    [InlineData("merged", "merged", "digest: a part of sent")]
    [InlineData("discarded", "gone", "rejected: 422 no such template")]
    [InlineData("held", "c", "no answer")]
    [InlineData("pending", "waiting quiet", null)]
    public async Task Pushes_are_listed_whatever_became_of_them(string state, string ids, string? reason)
    {
        (await ListAsync($"?state={state}")).ShouldBe(ids);
        (await ListAsync($"?state={state}&customer=ann&connector=mail&segment=vip")).ShouldBe(ids);
        (await ListAsync($"?state={state}&customer=bob")).ShouldBe("");
        (await ListAsync($"?state={state}&connector=chat")).ShouldBe("");
        (_, JsonElement answer) = await AskAsync(HttpMethod.Get, $"/v1/pushes?state={state}&limit=1");
        JsonElement first = answer.GetProperty("pushes")[0];
        first.GetProperty("state").GetString().ShouldBe(state);
        first.GetProperty("reason").GetString().ShouldBe(reason);
        string rest = await ListAsync($"?state={state}&after={answer.GetProperty("next").GetString()}");
        $"{first.GetProperty("id").GetString()} {rest}".Trim().ShouldBe(ids);
    }

    [Fact]
    public async Task Pushes_that_ended_are_listed_from_a_time_on()
    {
        (await ListAsync("?from=2020-01-31T12:00:00Z")).ShouldBe("a b");
        (await ListAsync("?from=2020-01-31T12:00:00.001Z")).ShouldBe("b");
        (await ListAsync("?state=delivered&from=2020-01-31T12:00:00")).ShouldBe("sent");
        (await ListAsync("?state=delivered&from=2020-01-31T12:00:01Z")).ShouldBe("");
    }

    [Theory]
    [InlineData("?state=sent", "state is one of pending, delivered, dead, dropped, merged, unknown, held, discarded")]
    [InlineData("?from=noon", "from is a time such as 2026-03-01T09:30:00Z")]
    [InlineData("?state=pending&from=2026-03-01T09:30:00Z", "from is about the ends of pushes")]
    [InlineData("?state=pending&after=17-p1", "after is the \"next\" of the list before")]
    [InlineData("?state=pending&after=1.2-", "after is the \"next\" of the list before")]
    [InlineData("?state=held&after=1.2-mail", "after is the \"next\" of the list before")]
    [InlineData("?limit=1001", "limit is a number from 1 to 1000")]
    [InlineData("?after=soon", "after is the \"next\" of the list before")]
    [InlineData("?colour=red", "\"colour\" is not known here")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, string expected)
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(HttpMethod.Get, "/v1/pushes" + query);
        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("error").GetString().ShouldNotBeNull().ShouldStartWith(expected);
    }

    [Fact]
    public async Task What_waits_for_a_connector_that_is_gone_is_discarded()
    {
        ShardLease lease = (await _store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes = [.. Enumerable.Range(20, 3).Select(n => Push($"fax{n}", n, "vip") with { Connector = Fax })];
        await _store.Committer.CommitEffectsAsync(lease, new(new(2), [], [], pushes), default);

        (_, JsonElement answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/fax20/discard");
        answer.GetRawText().ShouldBe("""{"discarded":1}""");
        (_, answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/discard?state=pending&connector=fax");
        answer.GetRawText().ShouldBe("""{"discarded":2,"next":null}""");
        (await ListAsync("?state=discarded&connector=fax")).ShouldBe("fax20 fax21 fax22");
        (await AskAsync(HttpMethod.Post, "/v1/pushes/fax20/discard")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("waiting/discard", "the push is pending, and mail may be sending it")]
    [InlineData("discard?state=pending", "pending pushes may be under way: name a connector")]
    [InlineData("discard?state=pending&connector=mail", "pending pushes may be under way: name a connector")]
    public async Task What_may_be_under_way_is_not_discarded(string path, string expected)
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/" + path);
        status.ShouldBe(HttpStatusCode.Conflict);
        answer.GetProperty("error").GetString().ShouldNotBeNull().ShouldStartWith(expected);
        (await ListAsync("?state=pending")).ShouldBe("waiting quiet");
    }

    [Fact]
    public async Task What_is_under_way_or_came_to_a_good_end_is_not_moved()
    {
        foreach (string state in (string[])["pending", "delivered", "dropped", "merged", "discarded"])
        {
            (HttpStatusCode status, JsonElement answer) = await AskAsync(
                HttpMethod.Post,
                $"/v1/pushes/replay?state={state}"
            );
            status.ShouldBe(HttpStatusCode.BadRequest);
            answer.GetProperty("error").GetString().ShouldBe("state is one of dead, unknown, held");
        }
    }

    [Fact]
    public async Task A_push_is_edited_and_replayed()
    {
        (await AskAsync(HttpMethod.Put, "/v1/pushes/a", """{"options":{"template":"other"}}""")).Status.ShouldBe(
            HttpStatusCode.OK
        );
        (_, JsonElement shown) = await AskAsync(HttpMethod.Get, "/v1/pushes/a");
        shown.GetProperty("content").GetProperty("options").GetRawText().ShouldBe("""{"template":"other"}""");
        shown.GetProperty("decisions").GetArrayLength().ShouldBe(0);

        (HttpStatusCode status, JsonElement answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/a/replay");
        (status, answer.GetRawText()).ShouldBe((HttpStatusCode.OK, """{"replayed":1}"""));
        PendingPush pending = (await _store.Outbox.ReadPendingAsync(new("mail"), new(0), 0, 10, default))[0];
        pending.Push.Id.ShouldBe(new PushId("a"));
        pending.NotBefore.ShouldBe(Timestamp.From(_time.GetUtcNow()));
        (await AskAsync(HttpMethod.Post, "/v1/pushes/a/replay")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await AskAsync(HttpMethod.Post, "/v1/pushes/sent/discard")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_edit_of_options_leaves_those_that_it_does_not_name()
    {
        (await EditAsync("""{"purpose":"marketing","expires":"2h","template":"x","n":1}""")).ShouldBe(
            """{"purpose":"marketing","expires":"2h","template":"x","n":1}"""
        );
        (await EditAsync("""{"template":"y","n":null,"recheck":true,"gone":null}""")).ShouldBe(
            """{"purpose":"marketing","expires":"2h","template":"y","recheck":true}"""
        );
    }

    [Theory]
    [InlineData("""{"purpose":"advertising"}""", "purpose = \"advertising\": give one of ")]
    [InlineData("""{"purpose":""}""", "purpose = \"\": give one of ")]
    [InlineData("""{"purpose":["marketing"]}""", "purpose = [\"marketing\"]: give one of ")]
    [InlineData("""{"importance":101}""", "importance = 101: give a number from 0 to 100")]
    [InlineData("""{"expires":"soon"}""", "expires = \"soon\": give a duration such as 3h")]
    [InlineData("""{"digest":"40d"}""", "digest = 40d: give a duration up to 31d")]
    [InlineData("""{"digest":"2h","expires":"1h"}""", "expires = 1h: give more than digest")]
    [InlineData("""{"recheck":"maybe"}""", "recheck = \"maybe\": give true or false")]
    [InlineData("""{"collapse":1}""", "collapse = 1: give true or false")]
    [InlineData("""{"ignore-quiet-hours":"x"}""", "ignore-quiet-hours = \"x\": give true or false")]
    [InlineData("""{"over-cap":"send"}""", "over-cap = \"send\": give one of defer, drop, replace")]
    [InlineData(
        """{"template":"nope2"}""",
        "options.template: there is no template 'nope2'; there are default, other, page, "
    )]
    public async Task Options_that_no_configuration_could_say_are_refused(string options, string expected)
    {
        string whole = $$$"""{"customer":"ann","segment":{"name":"vip"},"options":{{{options}}}}""";
        foreach (string body in (string[])[$$"""{"options":{{options}}}""", $$"""{"content":{{whole}}}"""])
        {
            (HttpStatusCode status, JsonElement answer) = await AskAsync(HttpMethod.Put, "/v1/pushes/a", body);
            status.ShouldBe(HttpStatusCode.BadRequest);
            answer.GetProperty("error").GetString().ShouldNotBeNull().ShouldStartWith(expected);
        }
    }

    [Theory]
    [InlineData("""{"options":["x"]}""", "\"options\" must be a JSON object")]
    [InlineData("""{"options":{},"content":{}}""", "the body must be")]
    [InlineData("nonsense", "the body must be")]
    [InlineData("""{"content":{"customer":"bob"}}""", "\"customer\" says what the push is about")]
    [InlineData("""{"content":{"customer":"ann","options":{}}}""", "\"segment\" is missing")]
    [InlineData("""{"content":{"customer":"ann","segment":"vip","options":{}}}""", "\"segment\" must stay an object")]
    [InlineData(
        """{"content":{"customer":"ann","segment":{"name":"vip"},"options":{},"more":1}}""",
        "\"more\" is not part of the push"
    )]
    public async Task A_push_stays_what_it_is_about(string body, string expected)
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(HttpMethod.Put, "/v1/pushes/a", body);
        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("error").GetString().ShouldNotBeNull().ShouldStartWith(expected);
    }

    [Fact]
    public async Task What_a_filter_names_is_moved_together()
    {
        (_, JsonElement answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/replay?state=dead&reason=422");
        answer.GetRawText().ShouldBe("""{"replayed":2,"next":null}""");
        (_, answer) = await AskAsync(HttpMethod.Post, "/v1/pushes/discard?state=held");
        answer.GetRawText().ShouldBe("""{"discarded":1,"next":null}""");
        (await _store.Outbox.CountAsync(default))[new("mail")]
            .ShouldBe(
                new OutboxCounts(4, 1, 0)
                {
                    Discarded = 2,
                    Dropped = 1,
                    Merged = 1,
                }
            );
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_learns_and_does_nothing()
    {
        _http.DefaultRequestHeaders.Authorization = new("Bearer", "a guess of this test");
        (await AskAsync(HttpMethod.Get, "/v1/pushes/a")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(HttpMethod.Post, "/v1/pushes/replay")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _store.Outbox.CountAsync(default))[new("mail")].Dead.ShouldBe(2);
    }

    private static NewPush Push(string id, long sequence, string segment) =>
        new(
            new(id),
            sequence,
            new("mail"),
            new("ann"),
            Noon,
            Encoding.UTF8.GetBytes($$$"""{"customer":"ann","segment":{"name":"{{{segment}}}"},"options":{}}""")
        );

    /// <summary>Edits the push a; its options after that.</summary>
    private async Task<string> EditAsync(string options)
    {
        string body = $$"""{"options":{{options}}}""";
        (await AskAsync(HttpMethod.Put, "/v1/pushes/a", body)).Status.ShouldBe(HttpStatusCode.OK);
        (_, JsonElement shown) = await AskAsync(HttpMethod.Get, "/v1/pushes/a");
        return JsonSerializer.Serialize(shown.GetProperty("content").GetProperty("options"));
    }

    private async Task<string> ListAsync(string query) =>
        Ids((await AskAsync(HttpMethod.Get, "/v1/pushes" + query)).Answer);

    private static string Ids(JsonElement list) =>
        string.Join(
            ' ',
            list.GetProperty("pushes").EnumerateArray().Select(push => push.GetProperty("id").GetString())
        );

    private async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(
        HttpMethod method,
        string path,
        string? body = null
    )
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = body is null ? null : new StringContent(body),
        };
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
