using System.Globalization;
using StreamSegmenter.Kafka.Broker;

// Runs Kafka brokers for tests: [brokers]. The first line out says where they listen; each line in is a command, each
// further line out its result code. It ends with its input, so that no test leaves it behind.
var cluster = new MockCluster(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1);
Console.WriteLine(cluster.BootstrapServers);
while (Console.ReadLine() is { } line && line != "quit")
{
    Console.WriteLine(cluster.Do(line));
}
