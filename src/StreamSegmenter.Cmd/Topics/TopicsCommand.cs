using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Hocon.Units;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Topics;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Topics;

/// <summary><c>segctl topics create</c>: makes the topic that is the customer log, or checks the present one.</summary>
internal sealed class TopicsCommand
{
    private const string Description =
        "Creates the topic kafka.log.topic, which is the customer log. One that exists is left as it is and compared "
        + "with what it should be: exit code 2 says that it differs.";

    private readonly ConfigurationOptions _configuration = new();

    private readonly Option<int> _partitions = new("--partitions")
    {
        Description =
            "How many partitions, which are the shards. It can never be changed: take as many as you will ever have "
            + "cores for, e.g. 48.",
        HelpName = "N",
        Required = true,
    };

    private readonly Option<short> _replication = new("--replication")
    {
        Description = "On how many brokers each record lies.",
        HelpName = "N",
        DefaultValueFactory = static _ => 3,
    };

    private readonly Option<int?> _minInSync = new("--min-in-sync")
    {
        Description = "On how many of them it must lie before it counts as written. Without it, on all but one.",
        HelpName = "N",
    };

    private readonly Option<TimeSpan?> _retention = new("--retention")
    {
        Description =
            "How long records are kept, e.g. 400d; a change of rules sees no further back. Without it, for ever.",
        HelpName = "DURATION",
        CustomParser = ReadDuration,
    };

    public static Command Create()
    {
        var command = new TopicsCommand();
        var create = new Command("create", Description)
        {
            command._partitions,
            command._replication,
            command._minInSync,
            command._retention,
        };
        command._configuration.AddTo(create);
        create.SetAction(command.RunAsync);
        return new Command("topics", "Look after the topics of the customer log.") { create };
    }

    private static TimeSpan? ReadDuration(ArgumentResult argument)
    {
        if (HoconDuration.TryParse(argument.Tokens[0].Value, out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        argument.AddError($"--retention {argument.Tokens[0].Value}: write a duration such as 400d");
        return null;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (_configuration.Load(arguments, ConfigurationPurpose.Rules) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        if (configuration.Kafka.BootstrapServers is null)
        {
            await error.WriteLineAsync(
                "kafka.bootstrap-servers has no value: write e.g. \"kafka-1:9092,kafka-2:9092\""
            );
            return ExitCodes.Refused;
        }

        var plan = new TopicPlan
        {
            Topic = configuration.Kafka.Log.Topic,
            Partitions = arguments.GetValue(_partitions),
            Replication = arguments.GetValue(_replication),
            MinInSyncReplicas = arguments.GetValue(_minInSync),
            Retention = arguments.GetValue(_retention),
            MaxRecordBytes = configuration.Kafka.Log.MaxRecordBytes,
        };
        if (plan.Validate() is [var first, ..])
        {
            await error.WriteLineAsync(first);
            return ExitCodes.Refused;
        }

        try
        {
            var clients = new KafkaClients(configuration.Kafka.ForClients(), NullLogger<KafkaClients>.Instance);
            var topics = new KafkaTopics(clients);
            if (await topics.CreateAsync(plan, stop))
            {
                await output.WriteLineAsync($"created {plan.Topic} with {plan.Partitions} partitions");
                return ExitCodes.Success;
            }

            return Report(output, plan, await topics.CompareAsync(plan, stop));
        }
        catch (Exception e) when (e is KafkaSetupException or KafkaUnavailableException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Refused;
        }
    }

    private static int Report(TextWriter output, TopicPlan plan, IReadOnlyList<string> differences)
    {
        output.WriteLine($"{plan.Topic} exists{(differences.Count == 0 ? " and is as it should be" : ", but:")}");
        foreach (var difference in differences)
        {
            output.WriteLine($"  {difference}");
        }

        return differences.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }
}
