using StreamSegmenter.Connectors;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>What somebody reads who has made a mistake; the whole text counts.</summary>
public sealed class ConfigurationErrorTests
{
    [Theory]
    [InlineData("segmnts {}", "demo.conf:1:1: segmnts: unknown key; did you mean segments?")]
    [InlineData(
        "shards.batch-record = 1",
        "demo.conf:1:1: shards.batch-record: unknown key; did you mean batch-records?"
    )]
    [InlineData(
        "shards.batch-records = ten",
        "demo.conf:1:24: shards.batch-records: expected a whole number, got \"ten\"; write e.g. 500"
    )]
    [InlineData("shards { batch-records = 0 }", "demo.conf:1:26: shards.batch-records = 0: give 1 or more")]
    [InlineData(
        "shards.resident-customers = 5",
        "demo.conf:1:29: shards.resident-customers = 5: give at least hot-customers = 1000"
    )]
    [InlineData("relay.concurrency = 0", "demo.conf:1:21: relay.concurrency = 0: give 1 or more")]
    [InlineData(
        "storage.partitions = 0",
        "demo.conf:1:22: storage.partitions: out of range: 0; write a value from 1 to 32767"
    )]
    [InlineData(
        "limits.max-bytes = 1GiB",
        "demo.conf:1:20: limits.max-bytes: out of range: 1GiB; write a value from 256 to 64MiB"
    )]
    [InlineData(
        "http.listen = \"localhost\"",
        "demo.conf:1:15: http.listen: \"localhost\" is not an address and port; "
            + "write e.g. \"127.0.0.1:8080\" or \"[::]:8080\""
    )]
    [InlineData(
        "api.listen = \"0.0.0.0:8081\"",
        "demo.conf:1:14: api.listen: other machines can call 0.0.0.0:8081, and nothing keeps them from it; "
            + "set api.secret, e.g. to ${SEGMENTER_API_SECRET} or \"file:api.secret\", or listen on 127.0.0.1"
    )]
    [InlineData(
        "api.secret = short",
        "demo.conf:1:14: api.secret: it is short enough to be guessed; use 16 characters or more"
    )]
    [InlineData(
        "api.advertise = \"node1:8081\"",
        "demo.conf:1:17: api.advertise: \"node1:8081\" is not an address that other nodes can call; "
            + "write e.g. \"http://node1:8081\""
    )]
    [InlineData(
        "http.listen = \"::1\"",
        "demo.conf:1:15: http.listen: \"::1\" is not an address and port; "
            + "write e.g. \"127.0.0.1:8080\" or \"[::]:8080\""
    )]
    [InlineData(
        "time-zone = Europe/Berln",
        "demo.conf:1:13: time-zone: unknown time zone \"Europe/Berln\"; did you mean Europe/Berlin?"
    )]
    [InlineData(
        "ingest.keys = [ { name = app } ]",
        "demo.conf:1:15: ingest.keys: \"app\" must have either key or sha256, not both or neither"
    )]
    [InlineData("segments = 5", "demo.conf:1:12: segments: expected an object, got a number; write segments { ... }")]
    [InlineData(
        "segments.vip = 5",
        "demo.conf:1:16: segments.vip: expected an object, got a number; write { rule = \"...\" }"
    )]
    [InlineData(
        "segments.vip { description = x }",
        "demo.conf:1:14: segments.vip.rule: has no value; add rule = \"count(purchase, 30d) >= 3\""
    )]
    [InlineData(
        "segments.vip { rule = \"\" }",
        "demo.conf:1:23: segments.vip.rule: is empty; write e.g. rule = \"count(purchase, 30d) >= 3\""
    )]
    [InlineData(
        "segments.\"a.b\" { rule = \"exists(a)\", cool-down = 1d }",
        "demo.conf:1:38: segments.\"a.b\".cool-down: unknown key; did you mean cooldown?"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", cooldown = -1d }",
        "demo.conf:1:47: segments.vip.cooldown: out of range: -1d; write a duration of 0 or more"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", backfill.push = maybe }",
        "demo.conf:1:52: segments.vip.backfill.push: expected true or false, got \"maybe\"; write true or false"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", on-enter = chat }",
        "demo.conf:1:47: segments.vip.on-enter: expected an array, got a string; write on-enter = [ { to = support-chat } ]"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", on-enter = [ chat ] }",
        "demo.conf:1:49: segments.vip.on-enter[0]: expected an object, got a string; write { to = support-chat }"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", on-exit = [ { template = x } ] }",
        "demo.conf:1:48: segments.vip.on-exit[0].to: has no value; add to = support-chat"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", on-enter = [ { to = chatt } ] }, connectors.chat { type = console }",
        "demo.conf:1:56: segments.vip.on-enter[0].to: there is no connector \"chatt\"; did you mean chat?"
    )]
    [InlineData(
        "connectors.chat { type = pigeon }",
        "demo.conf:1:26: connectors.chat.type: unknown type \"pigeon\"; " + "write one of TYPES"
    )]
    [InlineData(
        "connectors.chat { timeout = 1s }",
        "demo.conf:1:17: connectors.chat.type: has no value; " + "write one of TYPES"
    )]
    [InlineData(
        "connectors.chat { type = console, template = hi }",
        "demo.conf:1:46: connectors.chat.template: there is no template 'hi'; there are default"
    )]
    [InlineData(
        "connectors.chat { type = console, colour = red }",
        "demo.conf:1:35: connectors.chat.colour: unknown key; remove it; known here: policy, relay, template, timeout, type"
    )]
    public void A_mistake_is_named_with_its_place_and_its_cure(string text, string expected) =>
        Loading
            .Problems(Loading.Load(text))
            .ShouldBe([expected.Replace("TYPES", string.Join(", ", ConnectorFactory.Types))]);

    [Theory]
    [InlineData("templates.w.text = \"{{#if}}\", connectors.c { type = console, template = w }", "templates.w.text")]
    [InlineData("templates.w.txt = x, connectors.c { type = console, template = w }", "templates.w.txt")]
    [InlineData(
        "templates.w.txt = x, connectors.c { type = console }, "
            + "segments.s { rule = \"exists(a)\", on-enter = [ { to = c, template = w } ] }",
        "templates.w.txt"
    )]
    [InlineData(
        "connectors.c { type = email, colour = red }, policy.caps = [ { at-most = 1, within = 1h, channel = email } ]",
        "connectors.c.colour"
    )]
    [InlineData(
        "connectors.c { type = sendgird }, policy.caps = [ { at-most = 1, within = 1h, channel = email } ]",
        "connectors.c.type"
    )]
    public void What_only_follows_from_a_mistake_is_not_reported(string text, string key) =>
        Loading.Problems(Loading.Load(text)).ShouldHaveSingleItem().ShouldContain($": {key}: ");

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_lines()
    {
        string[] problems = Loading.Problems(
            Loading.Load(
                """
                time-zone = Mars
                segments.a { rule = "exists(", on-enter = [ { to = b } ] }
                shards.batch-records = many
                templates.t { subject = "{{#if}}" }
                connectors.c { type = x }
                """,
                overrides: ["relay.concurrency=0"],
                variables: new(StringComparer.Ordinal) { ["SEGMENTER_DEDUPE__HORIZON"] = "-1d" }
            )
        );

        problems
            .Select(static problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)])
            .ShouldBe([
                "demo.conf:1:13",
                "demo.conf:2:29",
                "demo.conf:2:52",
                "demo.conf:3:24",
                "demo.conf:4:25",
                "demo.conf:5:23",
                "environment variable SEGMENTER_DEDUPE__HORIZON",
                "command line",
            ]);
    }

    [Theory]
    [InlineData("connectors.w { type = webhook, url = \"https://a.example/\", secrets = ${X} }", "secrets")]
    [InlineData("connectors.w { type = http, url = \"https://a.example/\", headers = ${X} }", "headers")]
    [InlineData("connectors.w { type = kafka, topic = t, client = ${X} }", "client")]
    [InlineData("ingest.keys = ${X}", "ingest.keys")]
    [InlineData("shards.batch-records = ${X}", "shards.batch-records")]
    [InlineData("segments.vip { rule = \"exists(a)\", cooldown = ${X} }", "cooldown")]
    [InlineData("segments.vip { rule = \"exists(a)\", on-enter = ${X} }", "on-enter")]
    [InlineData("segments.vip { rule = \"exists(a)\", on-enter = [ ${X} ] }", "on-enter[0]")]
    [InlineData("segments.vip { rule = \"exists(a)\", backfill = ${X} }", "backfill")]
    public void A_secret_in_the_wrong_form_is_not_shown(string text, string key)
    {
        var reader = Loading.Reader(text) with { Environment = static name => name == "X" ? "whsec_REAL" : null };
        var problems = Loading.Problems(ConfigurationLoader.Load(new() { File = "demo.conf", Reader = reader }));

        problems.ShouldContain(problem => problem.Contains($"{key}: expected", StringComparison.Ordinal));
        problems.ShouldAllBe(static problem => !problem.Contains("whsec", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shards", "command line: shards: has no value; write KEY=VALUE, e.g. shards.batch-records=100")]
    [InlineData(
        "a..b=1",
        "command line: a..b: is not a key; write names with dots between them, e.g. shards.batch-records"
    )]
    [InlineData("shads.x=1", "command line: shads: unknown key; did you mean shards?")]
    [InlineData(
        "segments.vip.cooldown=1d",
        "command line: segments.vip.cooldown: segments are read from files alone; "
            + "write it there, with ${?NAME} for what is to come from the environment"
    )]
    public void A_bad_override_is_named(string text, string expected) =>
        Loading.Problems(Loading.Load("", overrides: [text])).ShouldBe([expected]);

    [Fact]
    public void A_file_that_cannot_be_read_is_one_problem()
    {
        Loading.Problems(Loading.Load("a = [")).ShouldHaveSingleItem().ShouldStartWith("demo.conf:1:");
        Loading
            .Problems(ConfigurationLoader.Load(new() { File = "missing.conf" }))
            .ShouldBe(["missing.conf: the file does not exist; correct its name"]);
    }
}
