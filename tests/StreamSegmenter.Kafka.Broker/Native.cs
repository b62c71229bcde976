using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace StreamSegmenter.Kafka.Broker;

/// <summary>The part of librdkafka's interface that its mock brokers are driven by.</summary>
internal static partial class Native
{
    public const int Producer = 0;
    private const string Library = "librdkafka-mock";

    /// <summary>
    /// Takes the copy that lies beside this program: the one whose brokers keep much, or else the client's own.
    /// </summary>
    public static void UseLibraryBeside()
    {
        NativeLibrary.SetDllImportResolver(
            Assembly.GetExecutingAssembly(),
            (name, _, _) =>
            {
                string broker = Path.Combine(AppContext.BaseDirectory, "librdkafka-mock.so");
                string client = Path.Combine(AppContext.BaseDirectory, "librdkafka.so");
                return name != Library ? nint.Zero
                    : File.Exists(broker) ? NativeLibrary.Load(broker)
                    : File.Exists(client) ? NativeLibrary.Load(client)
                    : NativeLibrary.Load("librdkafka");
            }
        );
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, nint error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static unsafe partial nint NewClient(int type, nint configuration, byte* error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replication);

    [LibraryImport(
        Library,
        EntryPoint = "rd_kafka_mock_partition_delete_records",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial int DeleteRecords(nint cluster, string topic, int partition, long before);

    [LibraryImport(
        Library,
        EntryPoint = "rd_kafka_mock_partition_set_leader",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial int SetLeader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial int SetRoundTrip(nint cluster, int broker, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static partial void PushErrors(
        nint cluster,
        short api,
        nint count,
        [MarshalUsing(CountElementName = nameof(count))] int[] errors
    );

    // In C it takes any number of pairs of an error and a delay; this is one pair.
    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_push_request_error_rtts")]
    public static partial int PushDelay(nint cluster, int broker, short api, nint count, int error, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetRebalanceDelay(nint cluster, int milliseconds);
}
