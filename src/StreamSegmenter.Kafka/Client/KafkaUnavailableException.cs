namespace StreamSegmenter.Kafka.Client;

/// <summary>The cluster cannot be reached or does not answer in time. It may pass: the caller may try again.</summary>
public sealed class KafkaUnavailableException(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>The cluster or a topic is not as this program needs it. Trying again does not help.</summary>
public sealed class KafkaSetupException(string message, Exception? cause = null)
    : InvalidOperationException(message, cause);
