using System.Text;
using StreamSegmenter.Connectors;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>What configurations say to the policy, and what somebody reads who said it wrong.</summary>
public sealed class PolicyConfigurationTests
{
    private const string Mail =
        "connectors.mail { type = sendgrid, api-key = k, from = \"a@example.com\" }, connectors.desk { type = console }, ";

    private static string Document => Path.Combine(AppContext.BaseDirectory, "docs", "policy.md");

    [Theory]
    [InlineData("policy.holdout = 101", "demo.conf:1:18: policy.holdout = 101: give 0 to 100")]
    [InlineData("policy.defaults.importance = -1", "demo.conf:1:30: policy.defaults.importance = -1: give 0 to 100")]
    [InlineData(
        "policy.defaults { digest = 2h, expires = 1h }",
        "demo.conf:1:42: policy.defaults.expires = 1h: give more than digest = 2h, or nothing lives to be sent"
    )]
    [InlineData(
        "policy.time-zone = Mars",
        "demo.conf:1:20: policy.time-zone: unknown time zone \"Mars\"; give e.g. Europe/Berlin"
    )]
    [InlineData(
        "policy.quiet-hours.from = \"9 pm\"",
        "demo.conf:1:27: policy.quiet-hours.from: expected a time of day, got \"9 pm\"; write e.g. \"21:00\""
    )]
    [InlineData(
        "policy.quiet-hours { from = \"21:00\" }",
        "demo.conf:1:29: policy.quiet-hours.to: has no value; "
            + "write from and to, e.g. quiet-hours { from = \"21:00\", to = \"08:00\" }"
    )]
    [InlineData(
        "policy.quiet-hours.to = \"08:00\"",
        "demo.conf:1:25: policy.quiet-hours.from: has no value; "
            + "write from and to, e.g. quiet-hours { from = \"21:00\", to = \"08:00\" }"
    )]
    [InlineData(
        "policy.purposes.news.consent = asked",
        "demo.conf:1:32: policy.purposes.news.consent: expected one of required, assumed, not-needed, got \"asked\"; "
            + "write one of these words"
    )]
    [InlineData(
        "policy.caps = [ { at-most = 0, within = 1h } ]",
        "demo.conf:1:29: policy.caps[0].at-most = 0: give 1 or more"
    )]
    [InlineData(
        "policy.caps = [ { at-most = 1, within = 0s } ]",
        "demo.conf:1:41: policy.caps[0].within = 0s: give a duration above 0, up to 366d"
    )]
    [InlineData(
        "policy.caps = [ { at-most = 1, within = 1h, purpose = news } ]",
        "demo.conf:1:55: policy.caps[0].purpose: there is no purpose \"news\"; "
            + "give one of marketing, operations, service"
    )]
    [InlineData(
        "policy.caps = [ { at-most = 1, within = 1h, channel = emial } ], " + Mail,
        "demo.conf:1:55: policy.caps[0].channel: no connector has the channel \"emial\"; did you mean email?"
    )]
    [InlineData(
        "policy.channels.pigeon.quiet-hours.to = \"08:00\"",
        "demo.conf:1:1: policy.channels.pigeon.quiet-hours.from: has no value; add from = ..."
    )]
    [InlineData(
        "policy.channels.pigeon.quiet-hours { from = \"21:00\", to = \"08:00\" }",
        "demo.conf:1:1: policy.channels.pigeon: no connector has the channel \"pigeon\"; "
            + "set connectors.NAME.policy.channel, or remove it"
    )]
    [InlineData(
        "connectors.chat { type = console, policy.purpose = servic }",
        "demo.conf:1:52: connectors.chat.policy.purpose: there is no purpose \"servic\"; did you mean service?"
    )]
    [InlineData(
        "connectors.chat { type = console, policy.channel = \"\" }",
        "demo.conf:1:52: connectors.chat.policy.channel: is empty; write a name, or remove the key"
    )]
    [InlineData(
        "connectors.chat { type = console, policy.importance = 101 }",
        "demo.conf:1:55: connectors.chat.policy.importance = 101: give 0 to 100"
    )]
    [InlineData(
        "connectors.chat { type = console, policy.chanel = x }",
        "demo.conf:1:35: connectors.chat.policy.chanel: unknown key; did you mean channel?"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", holdout = 101 }",
        "demo.conf:1:46: segments.vip.holdout: expected a number from 0 to 100, got \"101\"; write e.g. holdout = 10"
    )]
    [InlineData(
        "segments.vip { rule = \"exists(a)\", holdout = -1 }",
        "demo.conf:1:46: segments.vip.holdout: expected a number from 0 to 100, got \"-1\"; write e.g. holdout = 10"
    )]
    public void A_mistake_is_named_with_its_place_and_its_cure(string text, string expected) =>
        Loading.Problems(Loading.Load(text)).ShouldBe([expected]);

    [Theory]
    [InlineData(
        "purpose = markting",
        "purpose: expected one of marketing, operations, service, got \"markting\"; did you mean marketing?"
    )]
    [InlineData(
        "over-cap = wait",
        "over-cap: expected one of defer, drop, replace, got \"wait\"; write one of these words"
    )]
    [InlineData(
        "importance = high",
        "importance: expected a whole number from 0 to 100, got \"high\"; write e.g. importance = 100"
    )]
    [InlineData("expires = soon", "expires: expected a duration, got \"soon\"; write e.g. 500ms, 30s, 5m, 12h or 7d")]
    [InlineData("digest = -1h", "digest: out of range: -1h; write a duration of 0 or more")]
    [InlineData("digest = 32d", "digest = 32d: give a duration up to 31d, or 0 for none")]
    [InlineData("recheck = maybe", "recheck: expected true or false, got \"maybe\"; write true or false")]
    [InlineData("collapse = maybe", "collapse: expected true or false, got \"maybe\"; write true or false")]
    [InlineData("ignore-quiet-hours = 7", "ignore-quiet-hours: expected true or false, got \"7\"; write true or false")]
    public void A_mistake_in_an_entry_is_named_with_its_place_and_its_cure(string option, string expected)
    {
        string text = $"segments.vip {{ rule = \"exists(a)\", on-exit = [ {{ to = desk, {option} }} ] }}, {Mail}";
        int column = text.IndexOf(option, StringComparison.Ordinal) + option.IndexOf('=', StringComparison.Ordinal) + 3;

        Loading.Problems(Loading.Load(text)).ShouldBe([$"demo.conf:1:{column}: segments.vip.on-exit[0].{expected}"]);
    }

    [Theory]
    [InlineData("desk", "purpos = marketing", "purpose")]
    [InlineData("desk", "expire = 3h", "expires")]
    [InlineData("desk", "rechek = true", "recheck")]
    [InlineData("desk", "dgest = 1h", "digest")]
    [InlineData("desk", "overCap = drop", "over-cap")]
    [InlineData("desk", "importence = 7", "importance")]
    [InlineData("desk", "colapse = yes", "collapse")]
    [InlineData("desk", "ignore-quiet-hour = yes", "ignore-quiet-hours")]
    [InlineData("desk", "templte = vip", "template")]
    [InlineData("chat", "chanel = vips", "channel")]
    [InlineData("help", "prority = urgent", "priority")]
    public void A_key_that_is_almost_a_known_one_is_a_slip(string to, string option, string meant)
    {
        string text = EntryText(to, option);
        int column = text.IndexOf(option, StringComparison.Ordinal) + 1;
        string key = option[..option.IndexOf(' ', StringComparison.Ordinal)];

        Loading
            .Problems(Loading.Load(text))
            .ShouldBe([
                $"demo.conf:1:{column}: segments.vip.on-exit[0].{key}: unknown key; did you mean {meant}? "
                    + "A key of your own needs a name less like it",
            ]);
    }

    [Theory]
    [InlineData("desk", "voucher = SUMMER, title = hello, note = any, chanel = any, prority = any, t = 1")]
    [InlineData("chat", "channel = vips, prority = any")]
    [InlineData("help", "priority = urgent, chanel = any")]
    public void Other_keys_of_an_entry_are_free(string to, string option) =>
        Loading.Loaded(EntryText(to, option)).Segments.Count.ShouldBe(1);

    [Theory]
    [InlineData("phone", false)]
    [InlineData("profil.phone", false)]
    [InlineData("profile", false)]
    [InlineData("profile.", false)]
    [InlineData("profile..phone", false)]
    [InlineData("customers", false)]
    [InlineData("profile.phone", true)]
    [InlineData("event.properties.phone", true)]
    [InlineData("options.phone", true)]
    [InlineData("customer", true)]
    public void An_address_is_looked_for_where_a_push_may_have_one(string address, bool isRight)
    {
        string text = $"connectors.sms {{ type = console, policy.address = \"{address}\" }}";
        string problem =
            $"demo.conf:1:51: connectors.sms.policy.address: a push has nothing at \"{address}\"; "
            + "begin with profile., event., options., e.g. profile.phone, or write customer";

        if (isRight)
        {
            Loading.Loaded(text).Policy.Connectors[new("sms")].Address.ShouldBe(address);
        }
        else
        {
            Loading.Problems(Loading.Load(text)).ShouldBe([problem]);
        }
    }

    private static string EntryText(string to, string option) =>
        $"segments.vip {{ rule = \"exists(a)\", on-exit = [ {{ to = {to}, {option} }} ] }}, {Mail}"
        + "connectors.chat { type = slack-webhook, url = \"https://chat.example.com/\" }, "
        + "connectors.help { type = zendesk, url = \"https://help.example.com/\", email = \"a@example.com\", "
        + "api-token = k }";

    // The table of the documentation: types, channel, purpose, address.
    [Fact]
    public void Each_type_has_the_channel_and_the_purpose_that_the_documentation_names()
    {
        var rules = new PushRules { Importance = 7 };
        List<string> documented = [];
        foreach (string[] row in Documented().Where(row => row.Length == 4 && row[2] is "service" or "operations"))
        {
            foreach (string type in row[0].Split(", "))
            {
                ConnectorFactory.TryCreateOptions(type, out var options).ShouldBeTrue(type);
                string? address = row[3].Length == 0 ? null : "profile.email";

                options.PolicyOver(rules).ShouldBe(new ConnectorPolicy(row[1], row[2], address, rules), type);
                documented.Add(type);
            }
        }

        documented.ShouldBe(ConnectorFactory.Types, ignoreOrder: true);
    }

    [Fact]
    public void The_example_of_the_documentation_is_right()
    {
        string text = File.ReadAllText(Document);
        const string fence = "```hocon";
        int from = text.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        string example = text[from..text.IndexOf("```", from, StringComparison.Ordinal)];

        var configuration = Loading.Loaded($"{example}\ntemplates.cart {{ subject = s, text = t }}");

        var policy = new PushPolicy(configuration.Policy);
        policy.Governs(new("shop-mail")).ShouldBeTrue();
        policy.GrantsReach.ShouldBe(TimeSpan.FromDays(7));
        configuration.Policy.Holdouts.Values.ShouldBe([10m]);
    }

    [Fact]
    public void What_is_written_closest_to_a_push_counts()
    {
        var configuration = Loading.Loaded(
            $$"""
            time-zone = Asia/Tokyo
            policy {
              purposes.news { consent = not-needed }
              defaults { importance = 10, expires = 9h, over-cap = drop }
              quiet-hours { from = "21:00", to = "08:00" }
              channels.text.quiet-hours { from = "20:00", to = "09:30" }
              caps = [ { channel = text, at-most = 2, within = 1w } ]
            }
            connectors.phone {
              type = http, url = "https://example.com", body = "{}"
              policy { channel = text, purpose = news, address = profile.phone, expires = 2h, over-cap = replace }
            }
            segments.vip { rule = "exists(a)", holdout = 2.5, on-enter = [ { to = phone, importance = 90 } ] }
            {{Mail}}
            """
        );
        var settings = configuration.Policy;
        var rules = new PushRules
        {
            Importance = 10,
            Expires = TimeSpan.FromHours(2),
            OverCap = OverCap.Replace,
        };

        settings.Connectors[new("phone")].ShouldBe(new ConnectorPolicy("text", "news", "profile.phone", rules));
        settings.Connectors[new("mail")].Rules.Expires.ShouldBe(TimeSpan.FromHours(9));
        settings
            .Options.Channels["text"]
            .QuietHours.ShouldBe(new QuietHoursOptions { From = new(20, 0), To = new(9, 30) });
        settings.Options.Purposes.Keys.ShouldBe(["marketing", "service", "operations", "news"], ignoreOrder: true);
        settings.Holdouts[new("vip")].ShouldBe(2.5m);
        settings.TimeZone.Id.ShouldBe("Asia/Tokyo");
        new PushPolicy(settings).GrantsReach.ShouldBe(TimeSpan.FromDays(7));
    }

    // HOCON's words for durations and truth, in the content of a push just as it is stored.
    [Theory]
    [InlineData("expires = 90 minutes", 89.9, true)]
    [InlineData("expires = 90 minutes", 90, false)]
    [InlineData("expires = 1.5h", 90, false)]
    [InlineData("expires = 5400000", 90, false)]
    [InlineData("recheck = yes", 0, false)]
    [InlineData("recheck = off", 0, true)]
    public void What_an_entry_says_is_what_its_pushes_say(string option, double minutes, bool isSent)
    {
        var configuration = Loading.Loaded(
            $"segments.vip {{ rule = \"exists(a)\", on-enter = [ {{ to = desk, {option} }} ] }}, {Mail}"
        );
        var target = configuration.Segments[0].OnEnter[0];
        string content = $$"""
            {"transition":{"kind":"entered","number":1},"segment":{"name":"vip"},"options":{{Encoding.UTF8.GetString(
                target.Options.Span
            )}}}
            """;
        var made = new Timestamp(1_000_000);
        var push = new PendingPush(
            new(new ShardId(0), 1),
            new(new("p1"), target.To, new("u1"), 0, Encoding.UTF8.GetBytes(content)),
            made,
            made
        );
        var facts = new CustomerFacts(
            new CustomerId("u1"),
            [],
            new HashSet<Suppression>(),
            [],
            new Dictionary<Segmentation.Segments.SegmentName, Standing>(),
            new HashSet<PushId>()
        );

        var policy = new PushPolicy(configuration.Policy);

        var decision = policy.Decide(facts, [push], made.Plus((long)(minutes * 60_000)))[0];
        (decision is PolicyDecision.Send).ShouldBe(isSent, decision.Reason);
    }

    [Fact]
    public void Nothing_is_asked_about_what_goes_to_the_own_staff()
    {
        var policy = new PushPolicy(
            Loading.Loaded($"segments.vip {{ rule = \"exists(a)\", on-enter = [ {{ to = desk }} ] }}, {Mail}").Policy
        );

        policy.Governs(new("desk")).ShouldBeFalse();
        policy.Governs(new("mail")).ShouldBeTrue();
    }

    [Fact]
    public void The_demo_asks_for_no_policy()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");
        var loaded = ConfigurationLoader
            .Load(new() { File = file, Variables = new Dictionary<string, string>(StringComparer.Ordinal) })
            .ShouldBeOfType<ConfigurationResult.Loaded>();

        var policy = new PushPolicy(loaded.Configuration.Policy);

        loaded.Configuration.Connectors.Keys.ShouldAllBe(name => !policy.Governs(name));
        loaded.Configuration.Connectors.ShouldNotBeEmpty();
    }

    [Fact]
    public void Rules_alone_need_no_connector_for_a_cap() =>
        Loading
            .Loaded("policy.caps = [ { channel = email, at-most = 1, within = 1h } ]", ConfigurationPurpose.Rules)
            .Policy.Options.Caps.Count.ShouldBe(1);

    /// <summary>The rows of all tables, without marks.</summary>
    private static IEnumerable<string[]> Documented() =>
        File.ReadLines(Document)
            .Where(static line => line.StartsWith('|'))
            .Select(static line => line.Replace("`", "", StringComparison.Ordinal).Trim('|').Split('|'))
            .Select(static row => row.Select(static cell => cell.Trim()).ToArray());
}
