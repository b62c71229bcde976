using System.Text;
using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void Nothing_needs_to_be_written()
    {
        var configuration = Loading.Loaded("");

        configuration.Segments.ShouldBeEmpty();
        configuration.Connectors.ShouldBeEmpty();
        configuration.Templates.Names.ShouldBe(["default"]);
        configuration.Http.EndPoint.ToString().ShouldBe("127.0.0.1:8080");
        configuration.ShardLimits.MaxTimelineEntries.ShouldBe(100_000);
        configuration.Storage.ForLog().PartitionCount.ShouldBe(4);
        configuration.Storage.ForState(TimeSpan.Zero).Directory.ShouldBe("data");
    }

    [Fact]
    public void The_demo_can_be_used()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");

        var result = ConfigurationLoader.Load(
            new() { File = file, Variables = new Dictionary<string, string>(StringComparer.Ordinal) }
        );

        var configuration = result.ShouldBeOfType<ConfigurationResult.Loaded>(result.ToString()).Configuration;
        configuration.Segments.Count.ShouldBe(6);
    }

    [Fact]
    public void Segments_stay_in_order_and_may_have_any_name()
    {
        var configuration = Loading.Loaded(
            """
            segments {
              z { rule = "exists(a)" }, "Z" { rule = "exists(a)" }, "a:b.c" { rule = "in(\"z\")" }, "ö ö" { rule = "exists(b)" }
            }
            """
        );

        configuration.Segments.Select(s => s.Segment.Name.Value).ShouldBe(["z", "Z", "a:b.c", "ö ö"]);
        configuration.Rules.Segments.ShouldBe(configuration.Segments.Select(s => s.Segment));
    }

    [Fact]
    public void A_segment_is_read_with_all_its_keys()
    {
        var segment = Loading
            .Loaded(
                """
                segments.vip {
                  description = "who matters"
                  rule = "exists(purchase)"
                  cooldown = 7d
                  backfill.push = true
                  on-enter = [ { to = chat, template = hi }, { to = mail } ]
                  on-exit = [ { to = mail, reason = { code = 1 } } ]
                }
                """,
                ConfigurationPurpose.Rules
            )
            .Segments.ShouldHaveSingleItem();

        var (definition, onEnter, onExit) = segment;
        definition.ShouldBe(
            new(new("vip"), "who matters", "exists(purchase)", TimeSpan.FromDays(7)) { BackfillPush = true }
        );
        onEnter.Select(Shown).ShouldBe(["chat {\"template\":\"hi\"}", "mail {}"]);
        onExit.Select(Shown).ShouldBe(["mail {\"reason\":{\"code\":1}}"]);
    }

    [Fact]
    public void What_a_push_carries_keeps_its_order_and_types()
    {
        const string text = """
            segments.vip {
              rule = "exists(a)"
              on-enter = [ { z = 1.50, to = x, a = yes, b = true, n = null, list = [ 1, "1", {} ], s = 10 s } ]
            }
            """;

        var first = Loading.Loaded(text, ConfigurationPurpose.Rules);
        var second = Loading.Loaded(text, ConfigurationPurpose.Rules);

        string shown = Shown(first.Segments[0].OnEnter[0]);
        shown.ShouldBe("""x {"z":1.50,"a":"yes","b":true,"n":null,"list":[1,"1",{}],"s":"10 s"}""");
        Shown(second.Segments[0].OnEnter[0]).ShouldBe(shown);
    }

    [Fact]
    public void Connectors_and_templates_are_bound_over_their_own_defaults()
    {
        var configuration = Loading.Loaded(
            """
            connectors {
              out { type = console, timeout = 5s }
              chat { type = slack-webhook, url = "https://hooks.example.com/x", channel = "#vip" }
            }
            templates.hi { subject = "Hello {{customer}}", text = "..." }
            """
        );

        configuration.Connectors[new("out")].ShouldBeOfType<ConsoleOptions>().Timeout.ShouldBe(TimeSpan.FromSeconds(5));
        var chat = configuration.Connectors[new("chat")].ShouldBeOfType<SlackOptions>();
        chat.Url.Reveal().ShouldBe("https://hooks.example.com/x");
        chat.Channel.ShouldBe("#vip");
        chat.MaxTextLength.ShouldBe(4_000);
        configuration.Templates.Names.ShouldBe(["default", "hi"]);
    }

    [Fact]
    public void Rules_alone_need_no_connectors_and_read_none()
    {
        var configuration = Loading.Loaded(
            """
            segments.vip { rule = "exists(a)", on-enter = [ { to = nowhere, template = none } ] }
            connectors.broken { type = pigeon }
            """,
            ConfigurationPurpose.Rules
        );

        configuration.Connectors.ShouldBeEmpty();
    }

    [Fact]
    public void A_higher_layer_overrides_a_lower_one()
    {
        const string text = "shards { batch-records = 2, tick-interval = 2s, hot-customers = 2 }";
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SEGMENTER_SHARDS__TICK_INTERVAL"] = "3s",
            ["SEGMENTER_SHARDS__HOT_CUSTOMERS"] = "3",
            ["SEGMENTER_PORT_80_TCP"] = "tcp://10.0.0.1:80",
            ["PATH"] = "/bin",
        };

        var shards = Loading.Loaded(text, overrides: ["shards.hot-customers=4"], variables: variables).Shards;

        shards.ShouldBe(
            new()
            {
                BatchRecords = 2,
                TickInterval = TimeSpan.FromSeconds(3),
                HotCustomers = 4,
            }
        );
    }

    [Fact]
    public void An_event_must_pass_both_limits_on_its_size() =>
        Loading.Loaded("limits.max-bytes = 1KiB").Ingest.MaxEventBytes.ShouldBe(1024);

    private static string Shown(PushTarget target) => $"{target.To} {Encoding.UTF8.GetString(target.Options.Span)}";
}
