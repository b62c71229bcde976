using System.Diagnostics;
using System.Text;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Producers;

/// <summary>Needs Debian's kcat and python3-kafka.</summary>
public sealed class FactWithOtherClientsAttribute : FactAttribute
{
    public FactWithOtherClientsAttribute()
    {
        if (!File.Exists("/usr/bin/kcat") || !Directory.Exists("/usr/lib/python3/dist-packages/kafka"))
        {
            Skip = "needs Debian's packages kcat and python3-kafka";
        }
    }
}

/// <summary>Clients of other makers and ours put a customer into the same partition.</summary>
public sealed class OtherClientsTests
{
    private const int Partitions = 7;
    private static readonly string[] s_keys =
    [
        .. Enumerable.Range(0, 300).Select(i => $"kunde-ü-{i}{new string('x', i % 9)}"),
    ];

    private const string Script = """
        import sys
        from kafka import KafkaProducer
        producer = KafkaProducer(bootstrap_servers=sys.argv[1].split(','), api_version=(2, 0, 0), acks='all')
        for key in sys.stdin.read().splitlines():
            producer.send(sys.argv[2], key=key.encode(), value=b'{}')
        producer.flush()
        """;

    [FactWithOtherClients]
    public async Task What_others_write_lies_where_we_look_for_it()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("others", Partitions);
        await RunAsync("/usr/bin/python3", ["-c", Script, broker.BootstrapServers, topic], string.Join('\n', s_keys));
        using KafkaEventLog log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));

        int found = 0;
        for (int p = 0; p < Partitions; p++)
        {
            LogRange range = await log.GetRangeAsync(new(p), default);
            for (LogPosition next = range.Earliest; next < range.End; )
            {
                LogBatch batch = await log.ReadAsync(new(p), next, 100, TimeSpan.FromSeconds(30), default);
                batch.Records.ShouldAllBe(record =>
                    Murmur2.PartitionOf(record.Customer, Partitions) == new PartitionId(p)
                );
                (next, found) = (batch.Next, found + batch.Records.Count);
            }
        }

        found.ShouldBe(s_keys.Length);
    }

    [FactWithOtherClients]
    public async Task What_we_write_lies_where_others_look_for_it()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("ours", Partitions);
        using KafkaEventLog log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));
        await log.AppendAsync([.. s_keys.Select(key => new NewRecord(new(key), "{}"u8.ToArray()))], default);

        string[] arguments = ["-C", "-q", "-e", "-b", broker.BootstrapServers, "-t", topic, "-f", "%k %p\\n"];
        string seen = await RunAsync("/usr/bin/kcat", arguments, "");

        seen.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(
                s_keys.Select(key => $"{key} {Murmur2.PartitionOf(new CustomerId(key), Partitions)}"),
                ignoreOrder: true
            );
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
