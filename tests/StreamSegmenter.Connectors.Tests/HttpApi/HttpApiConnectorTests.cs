using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.HttpApi;

public sealed class HttpApiConnectorTests : HttpConnectorConformance
{
    public override string ConnectorType => "http";

    private const string Body = """
        { "who": "{{profile.name}}", "customer": "{{customer}}", "spent": {{json (default profile.spent 0)}} }
        """;

    protected override string KeyHeader => "X-Key";

    protected override IReadOnlyList<string> Secrets => ["t0ken-of-length", "/v1/s3cret/notes"];

    [Fact]
    public async Task Values_are_written_as_their_places_want()
    {
        var push = Pushes.Create(
            """{ "name": "A \"B\" \\ \n é 😀", "email": "a/b?c#d@x", "spent": 12.50, "tags": ["a\"", 2] }"""
        );

        var (result, request) = await PostAsync(
            push,
            configure: options =>
            {
                var http = (HttpApiOptions)options;
                http.Method = "PUT";
                http.Url = new($"{options.Url.Reveal()}/{{{{profile.email}}}}?name={{{{profile.name}}}}");
                http.Headers = new Dictionary<string, Secret>(StringComparer.Ordinal)
                {
                    ["X-Name"] = new("name {{profile.name}}"),
                };
                http.Body = """
                    { "a": "-{{profile.name}}-", "b": {{json profile.tags}}, "c": {{json profile.spent}},
                      "d": {{json profile.name}}{{#if profile.spent}}, "e": "{{profile.spent}} EUR"{{/if}},
                      "f": "{{message.text}}", "g": "{{push.id}}" }
                    """;
            }
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        request.ShouldNotBeNull().Method.ShouldBe("PUT");
        request.Path.ShouldBe("/v1/s3cret/notes/a%2Fb%3Fc%23d@x");
        request.Query.ShouldBe("?name=A%20%22B%22%20%5C%20%0A%20%C3%A9%20%F0%9F%98%80");
        request.Headers["X-Name"].ShouldBe("name A \"B\" \\ %0A %C3%A9 %F0%9F%98%80");
        var json = request.Json;
        json.GetProperty("a").GetString().ShouldBe("-A \"B\" \\ \n é 😀-");
        json.GetProperty("b")[0].GetString().ShouldBe("a\"");
        json.GetProperty("b")[1].GetRawText().ShouldBe("2");
        json.GetProperty("c").GetRawText().ShouldBe("12.50");
        json.GetProperty("d").GetString().ShouldBe("A \"B\" \\ \n é 😀");
        json.GetProperty("e").GetString().ShouldBe("12.50 EUR");
        json.GetProperty("f").GetString().ShouldBe("u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.");
        json.GetProperty("g").GetString().ShouldBe(Pushes.Id);
    }

    [Fact]
    public async Task A_value_outside_of_a_string_stays_one_value()
    {
        var push = Pushes.Create("""{ "name": "Ann", "spent": "1, \"admin\": true" }""");

        var (_, request) = await PostAsync(push);

        request
            .ShouldNotBeNull()
            .Json.EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe(["who", "customer", "spent"]);
        request.Json.GetProperty("spent").GetString().ShouldBe("1, \"admin\": true");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task A_value_cannot_climb_out_of_its_place_in_the_url(string name)
    {
        var (result, request) = await PostAsync(
            Pushes.Named(name),
            configure: options => options.Url = new($"{options.Url.Reveal()}/{{{{profile.name}}}}/x")
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        request.ShouldBeNull();
    }

    [Fact]
    public async Task A_private_address_is_refused_before_anything_is_sent()
    {
        var (result, request) = await PostAsync(
            Pushes.Create(),
            configure: options => ((HttpApiOptions)options).AllowPrivateAddresses = false
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured);
        result.Detail.ShouldContain("allow-private-addresses");
        request.ShouldBeNull();
    }

    [Fact]
    public async Task The_fixed_beginning_of_an_address_with_values_is_not_reported()
    {
        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(400, "no /v1/s3cret/notes/u1 here"),
            options => options.Url = new($"{options.Url.Reveal()}/{{{{customer}}}}")
        );

        result.Detail.ShouldBe("HTTP 400: no ***u1 here");
    }

    [Theory]
    [InlineData("/tok/URLSECRETTOKEN99")]
    [InlineData("URLSECRETTOKEN99")]
    [InlineData("QUERYSECRET99")]
    [InlineData("key=QUERYSECRET99")]
    [InlineData("DEFAULTSECRET")]
    [InlineData("HEADERSECRETLONG")]
    [InlineData("HEADERSECRETLONG-")]
    [InlineData("s3v3n")]
    [InlineData("Zq7")]
    [InlineData("Ym90OlpxNw==")]
    public async Task Fixed_words_and_the_password_are_not_reported(string secret)
    {
        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(400, $"no <{secret}> here"),
            options =>
            {
                var http = (HttpApiOptions)options;
                string origin = new Uri(http.Url.Reveal()).GetLeftPart(UriPartial.Authority);
                http.Url = new(
                    origin
                        + "/{{customer}}/tok/URLSECRETTOKEN99?key=QUERYSECRET99"
                        + "&x={{default profile.x \"DEFAULTSECRET\"}}"
                );
                http.Headers = new Dictionary<string, Secret>(StringComparer.Ordinal)
                {
                    ["X-Token"] = new("HEADERSECRETLONG-{{push.id}}"),
                    ["X-Short"] = new("s3v3n"),
                };
                (http.Username, http.Password) = ("bot", new("Zq7"));
            }
        );

        result.Detail.ShouldBe("HTTP 400: no <***> here");
    }

    [Theory]
    [InlineData(404, true, DeliveryOutcome.Rejected)]
    [InlineData(410, true, DeliveryOutcome.Rejected)]
    [InlineData(401, true, DeliveryOutcome.Misconfigured)]
    [InlineData(405, true, DeliveryOutcome.Misconfigured)]
    [InlineData(404, false, DeliveryOutcome.Misconfigured)]
    public async Task A_place_that_values_chose_is_the_pushs_own(int status, bool isChosen, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(status, ""),
            options => options.Url = new($"{options.Url.Reveal()}/{(isChosen ? "{{customer}}" : "u1")}/notes")
        );

        result.Outcome.ShouldBe(expected, result.Detail);
        result.Scope.ShouldBe(expected == DeliveryOutcome.Rejected ? DeliveryScope.Push : DeliveryScope.Connector);
    }

    [Fact]
    public async Task A_missing_value_rejects_the_push()
    {
        var (result, request) = await PostAsync(Pushes.Create("""{ "x": 1 }"""));

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain("'profile.name' is missing");
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData(200, """{"ok":true}""", DeliveryOutcome.Delivered)]
    [InlineData(200, """{"ok":false,"error":"busy"}""", DeliveryOutcome.Retry)]
    [InlineData(200, """{"ok":false,"error":"gone"}""", DeliveryOutcome.Rejected)]
    [InlineData(200, "", DeliveryOutcome.Delivered)]
    [InlineData(200, "<html>", DeliveryOutcome.Unknown)]
    [InlineData(200, "quota exceeded", DeliveryOutcome.Misconfigured)]
    [InlineData(409, "", DeliveryOutcome.Delivered)]
    [InlineData(418, "", DeliveryOutcome.Rejected)]
    [InlineData(500, "", DeliveryOutcome.Unknown)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public async Task Answers_mean_what_the_settings_say(int status, string body, DeliveryOutcome expected)
    {
        AnswerRule[] rules =
        [
            new()
            {
                Status = "2xx",
                Field = "error",
                Value = "busy",
                Means = DeliveryOutcome.Retry,
            },
            new()
            {
                Status = "2xx",
                Field = "ok",
                Value = "false",
                Means = DeliveryOutcome.Rejected,
            },
            new() { Contains = "quota", Means = DeliveryOutcome.Misconfigured },
            new() { Status = "409", Means = DeliveryOutcome.Delivered },
            new() { Status = "500-502", Means = DeliveryOutcome.Unknown },
        ];

        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(status, body),
            options => ((HttpApiOptions)options).Answers = rules
        );

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Theory]
    [InlineData("""{ "a": {{profile.name}} }""", "line 1, column 8: outside of a string write {{json value}}")]
    [InlineData("""{ "a": "{{json profile.name}}" }""", "'json' writes quotes itself")]
    [InlineData("""{ "a": "\"{{json profile.name}}" }""", "'json' writes quotes itself")]
    [InlineData("""{ "a": {{#if event}}"x{{/if}} }""", "a string that begins in a block has to end in it")]
    [InlineData("""{ "a": {{#if event}}"x{{else}}y"{{/if}} }""", "a string that begins in a block")]
    [InlineData("""{ {{! " }} "a": {{profile.name}} }""", "outside of a string")]
    [InlineData("""{ "a": "{{nobody}}" }""", "there is no 'nobody'")]
    [InlineData("""{ "a": "{{{profile.name}}}" }""", "unescaped output is not allowed")]
    [InlineData("""{"t":{{json profile.phone}}}""", "line 1, column 6: this '{{' is closed by '}}}': put a blank")]
    [InlineData("""{"a":1{{#if event}},"b":2{{/if}}}""", "line 1, column 26: this '{{' is closed by '}}}'")]
    [InlineData("""{ "to":}""", "line 1, column 8: this is JSON for no push: '}' is an invalid start of a value")]
    [InlineData("{ \"é\": 1,\n  \"a\": \"{{customer}}\" \"b\": 2 }", "line 2, column 23: this is JSON for no push")]
    [InlineData("""{ "a": {{json profile.tags}} "b": 2 }""", "line 1, column 30: this is JSON for no push")]
    [InlineData("""{ "a": "{{customer}}" """, "this is JSON for no push")]
    [InlineData("{{! nothing }}", "this is JSON for no push")]
    public void A_value_out_of_place_is_found_at_start(string body, string message)
    {
        var error = TestServices.Errors(new HttpApiOptions { Url = new("https://example.com/"), Body = body });

        error.ShouldHaveSingleItem().ToString().ShouldStartWith("connectors.c.body: ");
        error[0].Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("""{"t":{{json profile.phone}} }""")]
    [InlineData(
        """{{! who }}{ "a": "-{{customer}}\n{{default profile.x "y"}}-", "b": {{~json profile.b~}}, "é": 1 }"""
    )]
    [InlineData("""{ "a": [{{#each profile.b}}{{json this}}{{#unless @last}},{{/unless}}{{/each}}] }""")]
    [InlineData("""{ "a": 1 {{#if event}}, "b": {{json event}} {{/if}} }""")]
    [InlineData("{{json profile}}")]
    public void A_body_that_can_be_JSON_is_taken(string body) =>
        TestServices.Connector(new HttpApiOptions { Url = new("https://example.com/"), Body = body }).ShouldNotBeNull();

    [Theory]
    [InlineData("https://{{profile.name}}/")]
    [InlineData("https://example.com:{{profile.name}}/")]
    [InlineData("https://example.com{{profile.name}}/")]
    public void A_value_never_chooses_the_host(string url) =>
        TestServices.Errors(new HttpApiOptions { Url = new(url) }).ShouldNotBeEmpty();

    [Theory]
    [InlineData("Host", "x", "'Host' cannot be set")]
    [InlineData("Content-Length", "0", "'Content-Length' cannot be set")]
    [InlineData("X Y", "x", "'X Y' cannot be set")]
    [InlineData("X\r\nY", "x", "'X Y' cannot be set")]
    [InlineData("X-Y", "a\r\nb", "the value of 'X-Y' is not one line of ASCII")]
    [InlineData("X-Y", "{{#if}}", "needs a value")]
    public void A_header_that_cannot_be_sent_is_found_at_start(string name, string value, string message) =>
        TestServices
            .Errors(
                new HttpApiOptions
                {
                    Url = new("https://example.com/"),
                    Headers = new Dictionary<string, Secret>(StringComparer.Ordinal) { [name] = new(value) },
                }
            )
            .Select(error => error.ToString())
            .ShouldContain(error => error.StartsWith("connectors.c.headers: ") && error.Contains(message));

    [Fact]
    public void Options_are_checked()
    {
        TestServices
            .Errors(
                new HttpApiOptions
                {
                    Url = new("https://example.com/"),
                    Method = "GET",
                    Username = "me",
                    Answers = [new() { Status = "2x", Value = "x" }],
                }
            )
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.method: is none of DELETE, PATCH, POST, PUT",
                "connectors.c.password: username and password go together",
                "connectors.c.answers: number 1: '2x' is no status such as 200, 2xx, 400-499 or any",
                "connectors.c.answers: number 1 needs means = delivered, retry, rejected, ...",
                "connectors.c.answers: number 1: value needs field",
            ]);
    }

    [Fact]
    public void Only_the_parts_that_are_written_are_needed_of_a_template()
    {
        var services = TestServices.Create(TestServices.Templates(("t", new TemplateOptions { Subject = "x" })));
        var options = new HttpApiOptions { Url = new("https://example.com/"), Template = "t" };
        TestServices.Connector(options, services);

        options.Body = """{ "x": "{{message.text}}" }""";

        TestServices.Errors(options, services).ShouldHaveSingleItem().Message.ShouldContain("has no text");
    }

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new HttpApiOptions
        {
            Url = new($"{origin}/v1/s3cret/notes"),
            AllowHttp = true,
            AllowPrivateAddresses = true,
            Headers = new Dictionary<string, Secret>(StringComparer.Ordinal)
            {
                ["Authorization"] = new("Bearer t0ken-of-length"),
                ["X-Key"] = new("{{push.id}}"),
                ["X-Name"] = new("{{profile.name}}"),
            },
            Body = Body,
        };

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(201, """{"id":1}"""),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(422, """{"error":"no"}"""),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };
}
