using System.Net;
using System.Text.Json;

namespace StreamSegmenter.Node.Tests.Consents;

public sealed class ConsentApiTests : IAsyncLifetime
{
    private const string Secret = "a secret of this test";
    private const string Path = "/v1/customers/consent";

    private WholeNode _node = null!;

    public async Task InitializeAsync() =>
        _node = await WholeNode.StartAsync("segments.may-mail.rule = \"consent(\\\"email\\\")\"");

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task All_ways_in_lead_to_one_history()
    {
        await _node.EventAsync(
            """
            {"type":"identify","userId":"ann","messageId":"m1","timestamp":"2026-03-01T08:00:00Z",
             "traits":{"consent":{"email":true}},"context":{"consent":{"source":"sign-up","policyVersion":"v1"}}}
            """
        );
        await _node.EventAsync(
            """
            {"type":"track","event":"Consent Updated","userId":"ann","messageId":"m2",
             "timestamp":"2026-03-01T09:00:00Z","properties":{"channel":"email","purpose":"news","granted":true}}
            """
        );
        (HttpStatusCode status, JsonElement taken) = await _node.ApiAsync(
            HttpMethod.Post,
            Path,
            """
            {"id":"ann","channel":"email","granted":false,"source":"phone call","policyVersion":"v2",
             "at":"2026-03-01T10:00:00+01:00","messageId":"call-17"}
            """
        );
        status.ShouldBe(HttpStatusCode.OK);
        taken.GetProperty("messageId").GetString().ShouldBe("call-17");

        JsonElement told = await _node.ConsentsOfAsync("ann", history: 3);
        Lines(told, "history", "at", "via", "channel", "purpose", "granted", "source", "policyVersion", "messageId")
            .ShouldBe([
                "2026-03-01T09:00:00.000Z api email  False phone call v2 call-17",
                "2026-03-01T09:00:00.000Z event email news True   m2",
                "2026-03-01T08:00:00.000Z identify email  True sign-up v1 m1",
            ]);
        Lines(told, "current", "channel", "purpose", "granted").ShouldBe(["email  False", "email news False"]);
        JsonElement customer = await _node.CustomerAsync("ann");
        customer.GetProperty("segments").GetArrayLength().ShouldBe(0);
        customer.GetProperty("traits").GetRawText().ShouldBe("""{"consent":{"email":{"*":false,"news":false}}}""");
    }

    [Fact]
    public async Task A_consent_told_twice_under_one_message_is_one()
    {
        const string body = """{"id":"bob","channel":"sms","granted":true,"messageId":"once"}""";
        await _node.ApiAsync(HttpMethod.Post, Path, body);
        await _node.ApiAsync(HttpMethod.Post, Path, body);
        await _node.ApiAsync(HttpMethod.Post, Path, """{"id":"bob","channel":"sms","granted":null}""");

        JsonElement told = await _node.ConsentsOfAsync("bob", history: 2);
        told.GetProperty("current").GetArrayLength().ShouldBe(0);
        told.GetProperty("history")[0].GetProperty("granted").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("", "the body must be a JSON object")]
    [InlineData("[]", "the body must be a JSON object")]
    [InlineData("{}", "\"id\" must be a text that is not empty")]
    [InlineData("""{"id":7}""", "\"id\" must be a text that is not empty")]
    [InlineData("""{"id":"\ud800"}""", "\"id\" must be a text that is not empty")]
    [InlineData("""{"id":"a"}""", "\"channel\" must be a text that is not empty")]
    [InlineData("""{"id":"a","channel":"email"}""", "\"granted\" must be true, false or null")]
    [InlineData("""{"id":"a","channel":"email","granted":"no"}""", "\"granted\" must be true, false or null")]
    [InlineData("""{"id":"a","channel":"email","granted":true,"at":"noon"}""", "\"at\" must be a time")]
    [InlineData("""{"id":"a","channel":"email","granted":true,"grant":1}""", "\"grant\" is not known here")]
    [InlineData("""{"id":"a","channel":"*","granted":true}""", "channel and purpose have 1 to 100 characters")]
    [InlineData("""{"id":"a\u0000","channel":"email","granted":true}""", "no U+0000")]
    public async Task What_is_wrong_with_a_consent_is_said(string body, string error)
    {
        (HttpStatusCode status, JsonElement answer) = await _node.ApiAsync(HttpMethod.Post, Path, body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain(error);
    }

    [Theory]
    [InlineData(Path)]
    [InlineData(Path + "?id=")]
    [InlineData(Path + "?id=a&max=0")]
    [InlineData(Path + "?id=a&max=1001")]
    public async Task A_question_without_sense_is_refused(string path) =>
        (await _node.ApiAsync(HttpMethod.Get, path)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Who_said_nothing_has_no_consents()
    {
        JsonElement told = await _node.ConsentsOfAsync("nobody & nothing", history: 0);

        told.GetProperty("customer").GetString().ShouldBe("nobody & nothing");
        told.GetProperty("current").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Suppressed_addresses_are_added_listed_and_removed()
    {
        (_, JsonElement added) = await _node.ApiAsync(
            HttpMethod.Put,
            "/v1/suppressions",
            """{"channel":"email","address":" Ann@Example.COM ","reason":"asked by letter"}"""
        );
        added.GetRawText().ShouldBe("""{"channel":"email","address":"ann@example.com","added":true}""");
        (_, JsonElement again) = await _node.ApiAsync(
            HttpMethod.Put,
            "/v1/suppressions",
            """{"channel":"email","address":"ANN@example.com"}"""
        );
        again.GetProperty("added").GetBoolean().ShouldBeFalse();

        (_, JsonElement listed) = await _node.ApiAsync(HttpMethod.Get, "/v1/suppressions?channel=email");
        Lines(listed, "suppressions", "channel", "address", "reason", "source")
            .ShouldBe(["email ann@example.com asked by letter api"]);
        listed.GetProperty("more").GetBoolean().ShouldBeFalse();

        const string path = "/v1/suppressions?channel=email&address=ANN%40example.com";
        (_, JsonElement removed) = await _node.ApiAsync(HttpMethod.Delete, path);
        removed.GetProperty("removed").GetBoolean().ShouldBeTrue();
        (_, removed) = await _node.ApiAsync(HttpMethod.Delete, path);
        removed.GetProperty("removed").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("PUT", "", """{"channel":"email"}""")]
    [InlineData("PUT", "", """{"channel":"email","address":"  "}""")]
    [InlineData("PUT", "", """{"channel":"*","address":"a@b.example"}""")]
    [InlineData("PUT", "", """{"channel":"emial","address":"a@b.example"}""")]
    [InlineData("PUT", "", """{"channel":"email","address":"ann.example.com"}""")]
    [InlineData("PUT", "", """{"channel":"email","address":"@example.com"}""")]
    [InlineData("PUT", "", """{"channel":"email","address":"ann@"}""")]
    [InlineData("PUT", "", """{"channel":"email","address":"ann b@example.com"}""")]
    [InlineData("GET", "", null)]
    [InlineData("DELETE", "?channel=email", null)]
    public async Task A_suppression_without_sense_is_refused(string method, string query, string? body) =>
        (await _node.ApiAsync(new(method), "/v1/suppressions" + query, body)).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );

    [Fact]
    public async Task Addresses_are_added_for_channels_that_a_connector_has()
    {
        await using WholeNode node = await WholeNode.StartAsync(
            "connectors.phone { type = console, policy.channel = sms }"
        );

        (HttpStatusCode status, JsonElement answer) = await PutAsync("smss");
        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetRawText().ShouldContain("no connector has the channel smss; name one of email, sms");
        (await PutAsync("sms")).Status.ShouldBe(HttpStatusCode.OK);

        Task<(HttpStatusCode Status, JsonElement Answer)> PutAsync(string channel) =>
            node.ApiAsync(HttpMethod.Put, "/v1/suppressions", $$"""{"channel":"{{channel}}","address":"+49 1"}""");
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_reads_and_changes_nothing()
    {
        await using WholeNode guarded = await WholeNode.StartAsync($"api.secret = \"{Secret}\"");
        const string told = """{"id":"ann","channel":"email","granted":true}""";
        const string address = """{"channel":"email","address":"a@b.example"}""";
        foreach (
            (string method, string path, string? body) in new[]
            {
                ("GET", Path + "?id=ann", null),
                ("POST", Path, told),
                ("GET", "/v1/suppressions?channel=email", null),
                ("PUT", "/v1/suppressions", address),
                ("DELETE", "/v1/suppressions?channel=email&address=a", null),
            }
        )
        {
            (await guarded.ApiAsync(new(method), path, body, "another")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await guarded.ApiAsync(new(method), path, body, Secret)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static string[] Lines(JsonElement answer, string array, params string[] members) =>
        [
            .. answer
                .GetProperty(array)
                .EnumerateArray()
                .Select(item => string.Join(' ', members.Select(member => item.GetProperty(member).ToString()))),
        ];
}
