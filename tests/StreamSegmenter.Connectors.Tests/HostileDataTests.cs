using System.Reflection;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Kafka;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Topics;
using FileOptions = StreamSegmenter.Connectors.Files.FileOptions;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>
/// Whatever customers are called, each connector says exactly that and nothing else. Those over HTTP are asked by
/// <see cref="HttpConnectorConformance"/>, with the same names; the others here.
/// </summary>
public sealed class HostileDataTests
{
    public static TheoryData<string> Names => HttpConnectorConformance.HostileNames;

    [Fact]
    public void Every_type_is_asked()
    {
        var overHttp =
            from suite in typeof(HostileDataTests).Assembly.GetTypes()
            where suite.IsSubclassOf(typeof(HttpConnectorConformance)) && !suite.IsAbstract
            let optionsAt = suite.GetMethod("OptionsAt", BindingFlags.Instance | BindingFlags.NonPublic)
            select optionsAt.Invoke(Activator.CreateInstance(suite), ["http://localhost:1"])!.GetType();
        Type[] here = [typeof(ConsoleOptions), typeof(EmailOptions), typeof(FileOptions), typeof(KafkaOptions)];

        var all = ConnectorFactory.Types.Select(type =>
        {
            ConnectorFactory.TryCreateOptions(type, out var options).ShouldBeTrue();
            return options.GetType();
        });

        all.Except(overHttp.Concat(here)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_console_shows_one_line_without_commands(string name)
    {
        await using var output = new StringWriter { NewLine = "\n" };

        await SendAsync(new ConsoleOptions(), name, output: output);

        string line = output.ToString();
        line.Count(c => c == '\n').ShouldBe(1);
        line.ShouldEndWith("\n");
        line.ShouldNotContain(c => char.IsControl(c) && c != '\n');
        line.ShouldBe($"[c] {Pushes.Id} {SingleLine.Of($"Hello {name}")}\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_file_holds_one_line_of_JSON_that_says_the_name(string name)
    {
        var place = Directory.CreateTempSubdirectory("hostile-");
        try
        {
            await SendAsync(new FileOptions { Directory = place.FullName }, name);

            string text = await File.ReadAllTextAsync(Path.Combine(place.FullName, "pushes.ndjson"));
            text.IndexOf('\n').ShouldBe(text.Length - 1);
            NameIn(Encoding.UTF8.GetBytes(text)).ShouldBe(name);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_record_says_the_name_and_its_headers_do_not(string name)
    {
        var topic = new OneRecord();

        await SendAsync(new KafkaOptions { BootstrapServers = "kafka:9092", Topic = "t" }, name, topics: topic);

        var record = topic.Record.ShouldNotBeNull();
        record.Key.ShouldBe("u1");
        NameIn(record.Value).ShouldBe(name);
        record
            .Headers.Select(header => $"{header.Key}={header.Value}")
            .ShouldBe([
                $"idempotency-key={Pushes.Id}",
                "segment=at-risk-vip",
                "transition=entered",
                "content-type=application/json",
            ]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Mail_has_its_own_headers_and_receivers_alone(string name)
    {
        await using var peer = new SmtpPeer();

        await SendAsync(
            new EmailOptions
            {
                Host = "127.0.0.1",
                Port = peer.Port,
                Security = MailSecurity.None,
                From = "Shop <shop@example.com>",
            },
            name
        );

        string mail = peer.Received.ShouldHaveSingleItem().Body;
        string[] head = mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        head.Where(line => line[0] is not (' ' or '\t'))
            .Select(line => line[..line.IndexOf(':')])
            .ShouldBe([
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
            ]);
        mail.Split("\r\n").ShouldAllBe(line => line.Length <= 998 && !line.Contains('\n') && !line.Contains('\r'));
        peer.Commands.Count(command => command.StartsWith("RCPT", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static string? NameIn(ReadOnlyMemory<byte> json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("profile").GetProperty("name").GetString();

    private static async Task SendAsync(
        ConnectorOptions options,
        string name,
        TextWriter? output = null,
        ITopicClients? topics = null
    )
    {
        var greeting = new TemplateOptions { Subject = "For {{profile.name}}", Text = "Hello {{profile.name}}" };
        var services = new ConnectorServices
        {
            Templates = TestServices.Templates(("default", greeting)),
            Time = TimeProvider.System,
            Output = output ?? TextWriter.Null,
            Topics = topics,
        };
        var connector = TestServices.Connector(options, services);
        var result = await connector.SendAsync(Pushes.Named(name), CancellationToken.None);
        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        await ((connector as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
        (connector as IDisposable)?.Dispose();
    }

    /// <summary>A topic that keeps the last record.</summary>
    private sealed class OneRecord : ITopicClients, ITopicWriter
    {
        public TopicRecord? Record { get; private set; }

        public IReadOnlyList<TopicClientProblem> CheckClient(TopicSettings settings) => [];

        public ITopicWriter Open(TopicSettings settings) => this;

        public ValueTask<DeliveryResult> WriteAsync(TopicRecord record, CancellationToken cancellationToken)
        {
            Record = record;
            return new(DeliveryResult.Delivered);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
