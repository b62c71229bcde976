using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamSegmenter.Kafka.Broker;

/// <summary>
/// A few Kafka brokers in this process, on random ports of the loopback: librdkafka's own, made for tests. They keep
/// everything in memory and know neither transactions nor the calls of administrators.
/// </summary>
internal sealed class MockCluster
{
    private readonly nint _cluster;

    public unsafe MockCluster(int brokers)
    {
        Native.UseLibraryBeside();
        Span<byte> error = stackalloc byte[512];
        nint client;
        fixed (byte* text = error)
        {
            // Errors only: otherwise it says that the client it needs for its books knows no brokers.
            nint configuration = Native.NewConfiguration();
            _ = Native.Set(configuration, "log_level", "3", (nint)text, error.Length);
            client = Native.NewClient(Native.Producer, configuration, text, error.Length);
        }

        _cluster =
            client == 0
                ? throw new InvalidOperationException(Encoding.UTF8.GetString(error))
                : Native.NewCluster(client, brokers);
    }

    /// <summary>Where clients find it.</summary>
    public string BootstrapServers => Marshal.PtrToStringUTF8(Native.Bootstraps(_cluster))!;

    /// <summary>
    /// Does what one line says; see <see cref="KafkaBroker"/> for the lines. Returns librdkafka's error code, 0 for
    /// none.
    /// </summary>
    public int Do(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int Number(int word) => int.Parse(words[word], CultureInfo.InvariantCulture);
        switch (words[0])
        {
            case "topic":
                return Native.CreateTopic(_cluster, words[1], Number(2), Number(3));
            case "leader":
                return Native.SetLeader(_cluster, words[1], Number(2), Number(3));
            case "delete-before":
                return Native.DeleteRecords(_cluster, words[1], Number(2), Number(3));
            case "down":
                return Native.SetDown(_cluster, Number(1));
            case "up":
                return Native.SetUp(_cluster, Number(1));
            case "round-trip":
                return Native.SetRoundTrip(_cluster, Number(1), Number(2));
            case "errors":
                int[] errors = [.. Enumerable.Range(2, words.Length - 2).Select(Number)];
                Native.PushErrors(_cluster, (short)Number(1), errors.Length, errors);
                return 0;
            case "delay":
                return Native.PushDelay(_cluster, Number(1), (short)Number(2), 1, 0, Number(3));
            case "rebalance-delay":
                Native.SetRebalanceDelay(_cluster, Number(1));
                return 0;
            default:
                throw new ArgumentException($"unknown: {line}", nameof(line));
        }
    }
}
