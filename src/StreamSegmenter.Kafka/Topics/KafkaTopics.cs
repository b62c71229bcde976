using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamSegmenter.Kafka.Client;

namespace StreamSegmenter.Kafka.Topics;

/// <summary>Looks after topics. Thread-safe.</summary>
public sealed class KafkaTopics(KafkaClients clients)
{
    /// <summary>How many partitions the topic has.</summary>
    /// <exception cref="KafkaSetupException">There is no such topic.</exception>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer.</exception>
    public async ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        Refusal refusal = new();
        try
        {
            using IAdminClient admin = clients.Admin(refusal.Note);

            // Of all topics: to ask for one by name makes some clusters create it.
            Metadata metadata = await Task.Run(
                () => admin.GetMetadata(clients.Options.RequestTimeout),
                cancellationToken
            );
            TopicMetadata? found = metadata.Topics.Find(t => t.Topic == topic && t.Error.Code == ErrorCode.NoError);
            return found?.Partitions.Count
                ?? throw new KafkaSetupException(
                    $"The cluster at {clients.Options.BootstrapServers} has no topic {topic}, or does not show it to "
                        + "us: create it with 'segctl topics create', or allow us to describe it."
                );
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(
                e,
                $"looking for topic {topic} at kafka.bootstrap-servers = {clients.Options.BootstrapServers}",
                refusal.Error
            );
        }
    }

    /// <summary>Creates the topic. One that exists is left as it is: see <see cref="CompareAsync"/>.</summary>
    /// <returns>False if there was one.</returns>
    /// <exception cref="ArgumentException"><paramref name="plan"/> is not valid.</exception>
    /// <exception cref="KafkaSetupException">The cluster refuses it.</exception>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer.</exception>
    public async ValueTask<bool> CreateAsync(TopicPlan plan, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (plan.Validate() is [string first, ..])
        {
            throw new ArgumentException($"topic {plan.Topic}: {first}.", nameof(plan));
        }

        Refusal refusal = new();
        using IAdminClient admin = clients.Admin(refusal.Note);
        TopicSpecification wanted = new()
        {
            Name = plan.Topic,
            NumPartitions = plan.Partitions,
            ReplicationFactor = plan.Replication,
            Configs = new(plan.Settings, StringComparer.Ordinal),
        };
        TimeSpan limit = clients.Options.RequestTimeout;
        try
        {
            await admin
                .CreateTopicsAsync([wanted], new() { RequestTimeout = limit, OperationTimeout = limit })
                .WaitAsync(cancellationToken);
            return true;
        }
        catch (CreateTopicsException e)
        {
            Error error = e.Results[0].Error;
            return error.Code == ErrorCode.TopicAlreadyExists
                ? false
                : throw new KafkaSetupException($"Topic {plan.Topic} was not created: {error.Reason}", e);
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"creating topic {plan.Topic}", refusal.Error);
        }
    }

    /// <summary>
    /// In what the topic differs from the plan, a sentence each, with the cure; empty when in nothing.
    /// </summary>
    /// <exception cref="KafkaSetupException">There is no such topic, or we may not look at it.</exception>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer.</exception>
    public async ValueTask<IReadOnlyList<string>> CompareAsync(TopicPlan plan, CancellationToken cancellationToken)
    {
        List<string> differences = [];
        Refusal refusal = new();
        using IAdminClient admin = clients.Admin(refusal.Note);
        try
        {
            TimeSpan limit = clients.Options.RequestTimeout;
            Metadata metadata = await Task.Run(() => admin.GetMetadata(limit), cancellationToken);
            TopicMetadata topic =
                metadata.Topics.Find(t => t.Topic == plan.Topic && t.Error.Code == ErrorCode.NoError)
                ?? throw new KafkaSetupException($"There is no topic {plan.Topic}: 'segctl topics create' makes it.");
            if (topic.Partitions.Count != plan.Partitions)
            {
                differences.Add(
                    $"it has {topic.Partitions.Count} partitions instead of {plan.Partitions}: customers would live in "
                        + "other shards; make another topic, or configure what there is"
                );
            }

            int replicas = topic.Partitions.Min(partition => partition.Replicas.Length);
            if (replicas < plan.Replication)
            {
                differences.Add($"a partition has {replicas} replicas instead of {plan.Replication}: reassign it");
            }

            ConfigResource resource = new() { Type = ResourceType.Topic, Name = plan.Topic };
            List<DescribeConfigsResult> described = await admin
                .DescribeConfigsAsync([resource], new() { RequestTimeout = limit })
                .WaitAsync(cancellationToken);
            Compare(plan, described[0].Entries, differences);
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"looking at topic {plan.Topic}", refusal.Error);
        }

        return differences;
    }

    private static void Compare(TopicPlan plan, Dictionary<string, ConfigEntryResult> found, List<string> differences)
    {
        foreach ((string name, string wanted) in plan.Settings)
        {
            string? value = found.GetValueOrDefault(name)?.Value;
            if (value != wanted)
            {
                differences.Add(
                    $"{name} is {value ?? "not known"} instead of {wanted}: alter the topic's configuration"
                );
            }
        }
    }

    /// <summary>The last trouble of reaching the cluster that does not pass by itself.</summary>
    private sealed class Refusal
    {
        private volatile Error? _error;

        public Error? Error => _error;

        public void Note(Error error) =>
            _error = error.Code
                is ErrorCode.Local_Authentication
                    or ErrorCode.Local_Ssl
                    or ErrorCode.SaslAuthenticationFailed
                    or ErrorCode.UnsupportedSaslMechanism
                ? error
                : _error;
    }
}
