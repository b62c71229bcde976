using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>What connectors may have for themselves of how pushes are delivered.</summary>
public sealed class RelayConfigurationTests
{
    [Fact]
    public void A_connector_takes_from_all_connectors_what_it_does_not_say_itself()
    {
        NodeConfiguration loaded = Loading.Loaded(
            """
            relay { concurrency = 5, rate { permits = 100, burst = 10 }, when-unknown = prefer-loss }
            connectors.plain { type = console }
            connectors.own { type = console, relay { concurrency = 2, rate.per = 1m, when-unknown = hold } }
            """
        );

        RelayOptions plain = loaded.Relays[new("plain")];
        plain.ShouldBe(loaded.Relay with { KeyLifetime = TimeSpan.Zero });
        loaded
            .Relays[new("own")]
            .ShouldBe(
                plain with
                {
                    Concurrency = 2,
                    Rate = plain.Rate with { Per = TimeSpan.FromMinutes(1) },
                    WhenUnknown = WhenUnknown.Hold,
                }
            );
    }

    [Theory]
    [InlineData("", "02:00:00")]
    [InlineData("relay.key-lifetime = 1d", "1.00:00:00")]
    [InlineData("relay.key-lifetime = 1d, connectors.desk.relay.key-lifetime = 0s", "00:00:00")]
    public void How_long_a_key_is_known_is_said_by_the_connector_or_for_all_or_by_the_type(string text, string expected)
    {
        NodeConfiguration loaded = Loading.Loaded(
            $$"""
            connectors.desk { type = zendesk, url = "https://shop.zendesk.com", email = "a@example.com", api-token = t }
            {{text}}
            """
        );

        loaded.Relays[new("desk")].KeyLifetime.ShouldBe(TimeSpan.Parse(expected));
    }

    [Fact]
    public void What_a_connector_says_wrong_is_told_at_its_place()
    {
        string[] problems = Loading.Problems(
            Loading.Load("connectors.own { type = console, relay { concurrency = 0, rate { permits = -1 } } }")
        );

        problems.ShouldBe(
            [
                "demo.conf:1:56: connectors.own.relay.concurrency = 0: give 1 or more",
                "demo.conf:1:76: connectors.own.relay.rate.permits = -1: give 0 or more",
            ],
            ignoreOrder: true
        );
    }
}
