using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Tests.Support;
using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Tests.Options;

public sealed class OptionsBinderTests
{
    private const string Reference = """
        streams {
          name = main
          enabled = on
          batch-size = 500
          max-offset = 9000000000
          sample-rate = 0.25
          weight = 1.5
          interval = 250ms
          quiet-from = "21:30"
          buffer = 64MiB
          mode = exactly-once
          topics = [ a, b ]
          routes { fast { target = x, priority = null }, "slow.lane" { target = y, priority = 3 } }
          retry { attempts = 5, first-delay = 1s, last-delay = 1m }
          endpoint = "https://example.com/hook"
          token = secret-literal
          comment = null
          ports = [ 80, 443 ]
        }
        """;

    [Fact]
    public void Every_type_is_bound()
    {
        var options = Bind("").Value;

        options.Name.ShouldBe("main");
        options.Enabled.ShouldBeTrue();
        options.BatchSize.ShouldBe(500);
        options.MaxOffset.ShouldBe(9_000_000_000);
        options.SampleRate.ShouldBe(0.25m);
        options.Weight.ShouldBe(1.5);
        options.Interval.ShouldBe(TimeSpan.FromMilliseconds(250));
        options.QuietFrom.ShouldBe(new TimeOnly(21, 30));
        options.Buffer.ShouldBe(new ByteSize(64 * 1024 * 1024));
        options.Mode.ShouldBe(DeliveryMode.ExactlyOnce);
        options.Topics.ShouldBe(["a", "b"]);
        options.Routes.Keys.ShouldBe(["fast", "slow.lane"], ignoreOrder: true);
        options.Routes["fast"].ShouldBe(new RouteOptions("x", null));
        options.Routes["slow.lane"].ShouldBe(new RouteOptions("y", 3));
        options.Retry.ShouldBe(new RetryOptions(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        options.Endpoint.ShouldBe(new Uri("https://example.com/hook"));
        options.Token.Reveal().ShouldBe("secret-literal");
        options.Comment.ShouldBeNull();
        options.Ports.ShouldBe([80, 443]);
    }

    public static TheoryData<string, string> Cases() => TestData.Pairs("binding-errors.txt");

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_error_names_the_place_the_key_and_the_cure(string text, string expected)
    {
        var errors = Bind($"streams {{ {text} }}").Errors;

        errors.Select(static error => error.ToString()).ShouldBe([expected]);
    }

    [Fact]
    public void All_errors_are_collected()
    {
        var result = Bind("streams { batch-size = ten, interval = soon, batch = 1, retry { attempts = many } }");

        result
            .Errors.Select(static error => error.Key)
            .ShouldBe(["streams.batch", "streams.batch-size", "streams.interval", "streams.retry.attempts"]);
        var thrown = Should.Throw<InvalidConfigurationException>(() => result.Value);
        thrown.Message.Split(Environment.NewLine).Length.ShouldBe(4);
    }

    [Fact]
    public void An_error_in_a_substituted_environment_variable_names_the_variable()
    {
        var result = Bind("streams.batch-size = ${?BATCH}", environment: name => name == "BATCH" ? "ten" : null);

        result
            .Errors.Single()
            .ToString()
            .ShouldBe(
                "environment variable BATCH: streams.batch-size: expected a whole number, got a string; write e.g. 500"
            );
    }

    [Theory]
    [InlineData("streams.topics = ${SECRET}", "streams.topics: expected an array, got a single value;")]
    [InlineData("streams.topics = \"Bearer \"${SECRET}", "streams.topics: expected an array, got a single value;")]
    [InlineData("streams.routes = ${SECRET}", "streams.routes: expected an object, got a single value;")]
    [InlineData("streams.retry = ${SECRET}", "streams.retry: expected an object, got a single value;")]
    [InlineData("streams.interval = ${SECRET}", "streams.interval: expected a duration, got a string;")]
    [InlineData("streams.ports = [ ${SECRET} ]", "streams.ports.0: expected a whole number, got a string;")]
    [InlineData("streams.mode = ${SECRET}", "streams.mode: expected one of ")]
    public void No_error_shows_what_came_from_the_environment(string text, string expected)
    {
        var result = Bind(text, environment: name => name == "SECRET" ? "whsec_REAL" : null);

        var error = result.Errors.Single().ToString();
        error.ShouldContain(expected);
        error.ShouldNotContain("whsec");
    }

    [Fact]
    public void An_error_in_an_override_names_its_source()
    {
        var builder = Builder("")
            .AddEnvironmentOverrides(
                "SEGMENTER_",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["SEGMENTER_STREAMS__BATCH_SIZE"] = "ten" }
            )
            .AddCommandLine(["--streams:interval=soon", "--streams:typo=1"]);

        var result = new OptionsBinder(builder.Build(), NoFiles.Instance).Bind<StreamsOptions>("streams");

        result
            .Errors.Select(static error => error.ToString())
            .ShouldBe([
                "command line: streams.typo: unknown key; remove it; known here: batch-size, buffer, comment, enabled, "
                    + "endpoint, interval, max-offset, mode, name, ports, quiet-from, retry, routes, "
                    + "sample-rate, token, topics, weight",
                "environment variable SEGMENTER_STREAMS__BATCH_SIZE: streams.batch-size: expected a whole number, "
                    + "got a string; write e.g. 500",
                "command line: streams.interval: expected a duration, got \"soon\"; "
                    + "write e.g. 500ms, 30s, 5m, 12h or 7d",
            ]);
    }

    [Fact]
    public void A_missing_section_reports_every_value_it_lacks()
    {
        var configuration = new ConfigurationBuilder().AddHocon(HoconDocument.Empty).Build();

        var result = new OptionsBinder(configuration, NoFiles.Instance).Bind<RetryOptions>("retry");

        result
            .Errors.Select(static error => error.ToString())
            .ShouldBe([
                "retry.attempts: has no value; add attempts = ...",
                "retry.first-delay: has no value; add first-delay = ...",
                "retry.last-delay: has no value; add last-delay = ...",
            ]);
    }

    [Fact]
    public void The_names_of_plain_values_may_have_dots()
    {
        var text = "kafka.client { security.protocol = SSL, sasl { user.password = hidden, mechanism = PLAIN } }";
        var configuration = new ConfigurationBuilder()
            .AddHocon(HoconDocument.Parse(text, "demo.conf"))
            .AddCommandLine(["--kafka:client:ssl.ca=file"])
            .Build();

        var bound = new OptionsBinder(configuration, NoFiles.Instance).Bind<ClientOptions>("kafka");

        bound
            .Value.Client.ToDictionary(pair => pair.Key, pair => pair.Value.Reveal(), StringComparer.Ordinal)
            .ShouldBe(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["security.protocol"] = "SSL",
                    ["sasl.mechanism"] = "PLAIN",
                    ["sasl.user.password"] = "hidden",
                    ["ssl.ca"] = "file",
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public void A_secret_is_read_from_a_file_beside_the_one_that_names_it()
    {
        var files = new MemoryFiles { ["conf/token.txt"] = "hidden\n" };

        var result = Bind("streams.token = \"file:token.txt\"", origin: "conf/demo.conf", files: files);

        result.Value.Token.Reveal().ShouldBe("hidden");
    }

    [Fact]
    public void A_missing_secret_file_is_an_error_without_the_secret()
    {
        var result = Bind("streams.token = \"file:token.txt\"", origin: "conf/demo.conf");

        result
            .Errors.Single()
            .ToString()
            .ShouldBe(
                "conf/demo.conf:1:17: streams.token: the secret's file conf/token.txt does not exist; "
                    + "create it or correct the path"
            );
    }

    [Fact]
    public void Sections_that_nobody_binds_are_found()
    {
        var configuration = Builder("stream { batch-size = 5 }").AddCommandLine(["--other=1"]).Build();
        var binder = new OptionsBinder(configuration, NoFiles.Instance);
        binder.Bind<StreamsOptions>("streams").IsValid.ShouldBeTrue();

        var errors = binder.FindUnknownSections();

        errors
            .Select(static error => error.ToString())
            .ShouldBe(["demo.conf:1:1: stream: unknown key; did you mean streams?"]);
    }

    private static OptionsResult<StreamsOptions> Bind(
        string text,
        string origin = "demo.conf",
        MemoryFiles? files = null,
        Func<string, string?>? environment = null
    ) => new OptionsBinder(Builder(text, origin, environment).Build(), files ?? []).Bind<StreamsOptions>("streams");

    private static IConfigurationBuilder Builder(
        string text,
        string origin = "demo.conf",
        Func<string, string?>? environment = null
    )
    {
        var options = HoconReaderOptions.Isolated with { Environment = environment ?? (static _ => null) };
        var reference = HoconDocument.Parse(Reference, "reference.conf");
        return new ConfigurationBuilder().AddHocon(HoconDocument.Parse(text, origin, options).WithFallback(reference));
    }

    private sealed record ClientOptions(IReadOnlyDictionary<string, Secret> Client);
}
