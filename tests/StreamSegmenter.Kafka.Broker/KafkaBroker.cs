using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StreamSegmenter.Kafka.Broker;

/// <summary>
/// A Kafka for tests: the cluster that <c>KAFKA_BOOTSTRAP</c> names, or else mock brokers in a process of their own,
/// started and stopped here. Thread-safe.
/// </summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    private readonly Process? _process;
    private readonly SemaphoreSlim _turn = new(1);

    private KafkaBroker(string bootstrapServers, Process? process) =>
        (BootstrapServers, _process) = (bootstrapServers, process);

    /// <summary>The real cluster that the tests are to run on; null for none.</summary>
    public static string? RealCluster { get; } =
        Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP") is { Length: > 0 } servers ? servers : null;

    /// <summary>
    /// Why the brokers cannot be killed, and what to do about it; null when they can. Those of a real cluster are
    /// killed and started by the program that <c>KAFKA_CONTROL</c> names: it is told <c>kill</c> or <c>start</c>, and
    /// ends when that is done.
    /// </summary>
    public static string? Immortal { get; } =
        RealCluster is null || Control is { Length: > 0 }
            ? null
            : "needs a program that kills and starts the brokers of KAFKA_BOOTSTRAP: name one with KAFKA_CONTROL";

    /// <summary>Why there can be no broker here, and what to do about it; null when there can.</summary>
    public static string? Missing { get; } =
        File.Exists(Path.Combine(AppContext.BaseDirectory, "librdkafka.so")) || !OperatingSystem.IsLinux()
            ? null
            : "librdkafka is missing: run eng/librdkafka.sh and build again";

    public string BootstrapServers { get; }

    /// <summary>Whether its brokers can be driven by <see cref="TellAsync"/>.</summary>
    public bool IsMock => _process is not null;

    private static string? Control => Environment.GetEnvironmentVariable("KAFKA_CONTROL");

    /// <summary>The real cluster, or mock brokers where none is named.</summary>
    public static Task<KafkaBroker> StartAsync(int brokers = 1) =>
        RealCluster is { } servers ? Task.FromResult(new KafkaBroker(servers, null)) : StartMockAsync(brokers);

    /// <summary>Mock brokers in any case: for tests that make them fail.</summary>
    public static async Task<KafkaBroker> StartMockAsync(int brokers = 1)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { typeof(KafkaBroker).Assembly.Location, brokers.ToString(CultureInfo.InvariantCulture) },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string? listening = await process.StandardOutput.ReadLineAsync();
        if (listening is null)
        {
            throw new InvalidOperationException("The broker ended before it began. " + Missing);
        }

        KafkaBroker broker = new(listening, process);
        await broker.TellAsync("rebalance-delay 100");
        return broker;
    }

    /// <summary>Creates a topic that nobody else uses, and returns its name.</summary>
    public async Task<string> CreateTopicAsync(string name, int partitions, int replication = 1)
    {
        string topic = $"{name}-{Guid.NewGuid():n}";
        if (IsMock)
        {
            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"topic {topic} {partitions} {replication}"));
            return topic;
        }

        using IAdminClient admin = new AdminClientBuilder([new("bootstrap.servers", BootstrapServers)]).Build();
        TopicSpecification wanted = new()
        {
            Name = topic,
            NumPartitions = partitions,
            Configs = new(StringComparer.Ordinal) { ["message.timestamp.type"] = "LogAppendTime" },
        };
        await admin.CreateTopicsAsync([wanted]);
        return topic;
    }

    /// <summary>Ends all brokers at once, without a word to them.</summary>
    public Task KillAsync() => IsMock ? TellAsync("down -1") : ControlAsync("kill");

    /// <summary>Has the brokers again that were killed, with what they had.</summary>
    public Task StartAgainAsync() => IsMock ? TellAsync("up -1") : ControlAsync("start");

    /// <summary>
    /// Tells mock brokers one of: <c>topic NAME PARTITIONS REPLICATION</c>, <c>leader TOPIC PARTITION BROKER</c>,
    /// <c>delete-before TOPIC PARTITION OFFSET</c>, <c>down BROKER</c>, <c>up BROKER</c> (-1 for all),
    /// <c>round-trip BROKER MILLISECONDS</c>, <c>errors API-KEY CODE...</c>, <c>delay BROKER API-KEY MILLISECONDS</c>
    /// (of the answer to the next such request), <c>rebalance-delay MILLISECONDS</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is a real cluster, or the brokers refused.</exception>
    public async Task TellAsync(string line)
    {
        if (_process is null)
        {
            throw new InvalidOperationException($"Only mock brokers can be told '{line}'.");
        }

        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            string? code = await _process.StandardOutput.ReadLineAsync();
            if (code != "0")
            {
                throw new InvalidOperationException($"'{line}' came to {code ?? "the end of the broker"}.");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task ControlAsync(string what)
    {
        using Process program = Process.Start(Control ?? throw new InvalidOperationException(Immortal), [what]);
        await program.WaitForExitAsync();
        if (program.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Control} {what} came to {program.ExitCode}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _turn.Dispose();
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
