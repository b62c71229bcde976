using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Validate;

public sealed class ValidateTests : IDisposable
{
    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task A_good_configuration_is_summed_up()
    {
        var answer = await ValidateAsync(
            """
            segments {
              vip { rule = "count(purchase, 30d) >= 3", on-enter = [ { to = chat }, { to = chat } ], on-exit = [ { to = chat } ] }
              seen { rule = "exists(any)" }
            }
            connectors.chat { type = console }
            """
        );

        answer.ShouldBe(
            new(
                0,
                """
                ok: 2 segments, 1 connector

                  vip: on enter 2 pushes, on exit 1 push
                    reads      purchase
                    keeps      the time of each purchase, for 30d
                    looks back 30d
                    by time    yes: changes without an event

                  seen: on enter nothing, on exit nothing
                    reads      any event
                    keeps      the time of the newest event, for ever
                    looks back to the customer's first event
                    by time    no: only events change it

                """,
                ""
            )
        );
    }

    [Fact]
    public async Task A_digest_that_its_template_does_not_tell_of_is_refused_where_it_stands()
    {
        var answer = await ValidateAsync(
            """
            segments {
              vip { rule = "exists(a)", on-enter = [
                { to = chat, template = short }
                { to = chat, template = short, digest = 1h }
                { to = chat, template = list, digest = 1h }
              ] }
            }
            templates {
              short { text = "{{segment.name}}" }
              list { text = "{{> each}}" }
            }
            partials.each { text = "{{#each digest}}{{segment.name}} {{else}}{{segment.name}}{{/each}}" }
            connectors.chat { type = console }
            """
        );

        answer.ExitCode.ShouldBe(1);
        answer.ErrorLines.ShouldContain(line =>
            line.Contains(":4:", StringComparison.Ordinal)
            && line.Contains(
                "segments.vip.on-enter[1].digest: template 'short' does not name digest",
                StringComparison.Ordinal
            )
        );
        answer.Error.ShouldNotContain("on-enter[0]");
        answer.Error.ShouldNotContain("on-enter[2]");
    }

    [Theory]
    [InlineData("policy.defaults.digest = 1h", 1)]
    [InlineData("connectors.chat.policy.digest = 1h", 1)]
    [InlineData("policy.defaults.digest = 1h, connectors.chat.policy.digest = 0s", 0)]
    public async Task A_digest_that_is_usual_is_checked_as_well(string usual, int refused)
    {
        var answer = await ValidateAsync(
            $$$"""
            segments.vip { rule = "exists(a)", on-enter = [ { to = chat, template = short } ] }
            templates.short { text = "{{segment.name}}" }
            connectors.chat { type = console }
            {{{usual}}}
            """
        );

        answer.ErrorLines.Count(line => line.Contains("does not name digest")).ShouldBe(refused, answer.Error);
    }

    [Fact]
    public async Task What_a_rule_reads_and_keeps_is_said_in_words()
    {
        var answer = await ValidateAsync(
            """
            segments.s {
              rule = "sequence(any where sku = 'x' then any then not page within 1h, 30d) and distinct(any.@event) > 1 and profile.plan = 'pro' and in('t') and exists(purchase, this month) and since(purchase) > 90m"
            }
            segments.t { rule = "profile.plan = 'pro'" }
            """
        );

        answer.OutputLines.ShouldBe([
            "ok: 2 segments, 0 connectors",
            "  s: on enter nothing, on exit nothing",
            "    reads      any event where sku = \"x\", any event, page, any.@event, purchase",
            "    traits     plan",
            "    segments   t",
            "    keeps      time and step of each event where sku = \"x\" or event or page, for ever",
            "    keeps      time and value of each any.@event, for ever",
            "    keeps      the time of each purchase, for 32d, of the newest for ever",
            "    looks back to the customer's first event",
            "    by time    yes: changes without an event",
            "  t: on enter nothing, on exit nothing",
            "    traits     plan",
            "    looks back not at all: only the newest traits count",
            "    by time    no: only events change it",
        ]);
    }

    [Fact]
    public async Task What_simulate_forgives_a_node_does_not()
    {
        var answer = await ValidateAsync("""segments.vip { rule = "exists(any)", on-enter = [ { to = chat } ] }""");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldBe(
            $"{_workplace.PathOf("demo.conf")}:1:58: segments.vip.on-enter[0].to: there is no connector \"chat\"; "
                + "add connectors.chat { type = ... }\n"
        );
    }

    [Fact]
    public async Task A_missing_configuration_is_refused() =>
        (await SegctlRun.InProcessAsync(default, "validate", "--config", "no.conf")).ShouldBe(
            new(1, "", "no.conf: the file does not exist; correct its name\n")
        );

    private Task<SegctlAnswer> ValidateAsync(string config) =>
        SegctlRun.InProcessAsync(default, "validate", "--config", _workplace.Write("demo.conf", config));
}
