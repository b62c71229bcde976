using Confluent.Kafka;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Kafka.Pushes;

/// <summary>Says what a record that was not acknowledged means to the push in it.</summary>
internal static class WriteFailures
{
    /// <summary>Errors that tell of the settings, and not of the record.</summary>
    public static bool IsSetup(ErrorCode code) =>
        code
            is ErrorCode.Local_Authentication
                or ErrorCode.Local_Ssl
                or ErrorCode.SaslAuthenticationFailed
                or ErrorCode.UnsupportedSaslMechanism
                or ErrorCode.TopicAuthorizationFailed
                or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.Local_UnknownTopic
                or ErrorCode.UnknownTopicOrPart
                or ErrorCode.TopicException
                or ErrorCode.UnsupportedVersion
                or ErrorCode.Local_InvalidArg;

    /// <param name="status">Whether the record may be in the topic all the same.</param>
    /// <param name="setup">What the client said lately about reaching the cluster, if that was about settings.</param>
    public static DeliveryResult Classify(Error error, PersistenceStatus status, Error? setup)
    {
        string detail = $"Kafka: {error.Reason} ({error.Code}).";
        return error.Code switch
        {
            ErrorCode.MsgSizeTooLarge
            or ErrorCode.RecordListTooLarge
            or ErrorCode.InvalidMsgSize
            or ErrorCode.InvalidRecord
            or ErrorCode.PolicyViolation => DeliveryResult.Rejected(detail),
            var code when IsSetup(code) => DeliveryResult.Misconfigured(detail),
            _ when setup is not null => DeliveryResult.Misconfigured($"Kafka: {setup.Reason} ({setup.Code})."),
            var code when IsOpen(code) || status == PersistenceStatus.PossiblyPersisted => DeliveryResult.Unknown(
                detail
            ),
            _ => DeliveryResult.Retry(detail),
        };
    }

    // The client forgets, of a record whose time is over, whether it was ever sent: its status says that it was not.
    private static bool IsOpen(ErrorCode code) =>
        code
            is ErrorCode.Local_MsgTimedOut
                or ErrorCode.Local_TimedOut
                or ErrorCode.Local_Transport
                or ErrorCode.Local_PurgeInflight
                or ErrorCode.RequestTimedOut
                or ErrorCode.NetworkException
                or ErrorCode.NotEnoughReplicasAfterAppend;
}
