using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Ingest;

/// <summary>A write key as configured: one of <see cref="Key"/> and <see cref="Sha256"/>.</summary>
/// <param name="Name">For people: dead letters name it as their source.</param>
/// <param name="Key">The key itself.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 bytes in hexadecimal, so that the configuration holds no
/// secret.</param>
public sealed record IngestKey(string Name, string? Key = null, string? Sha256 = null);

/// <summary>Who may send how much. Checked as a whole by <see cref="Validate"/>.</summary>
public sealed record IngestOptions
{
    /// <summary>Without any, everybody may send events.</summary>
    public IReadOnlyList<IngestKey> Keys { get; init; } = [];

    /// <summary>Bytes of one event's JSON.</summary>
    public int MaxEventBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a request's body, after decompression and before.</summary>
    public int MaxBatchBytes { get; init; } = 500 * 1024;

    public int MaxBatchEvents { get; init; } = 10_000;

    /// <summary>
    /// Requests being served at once; further ones are asked to come back. It bounds the memory used.
    /// </summary>
    public int MaxConcurrentRequests { get; init; } = 256;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long events may take to reach stable storage before the producer is asked to come back.</summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a producer is told to wait when nothing better is known.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pages of these origins may send events from a browser; <c>*</c> allows any.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(MaxEventBytes >= 1, string.Create(Invariant, $"max-event-bytes = {MaxEventBytes}: give 1 or more"));
        Check(
            MaxBatchBytes >= MaxEventBytes && MaxBatchBytes <= 64 * 1024 * 1024,
            string.Create(
                Invariant,
                $"max-batch-bytes = {MaxBatchBytes}: give from max-event-bytes = {MaxEventBytes} to 64 MiB"
            )
        );
        Check(MaxBatchEvents >= 1, string.Create(Invariant, $"max-batch-events = {MaxBatchEvents}: give 1 or more"));
        Check(
            MaxConcurrentRequests >= 1,
            string.Create(Invariant, $"max-concurrent-requests = {MaxConcurrentRequests}: give 1 or more")
        );
        Check(ReadTimeout > TimeSpan.Zero, $"read-timeout = {ReadTimeout.ToText()}: give a duration above 0");
        Check(AppendTimeout > TimeSpan.Zero, $"append-timeout = {AppendTimeout.ToText()}: give a duration above 0");
        Check(RetryAfter >= TimeSpan.FromSeconds(1), $"retry-after = {RetryAfter.ToText()}: give 1 s or more");
        foreach (IngestKey key in Keys)
        {
            Check(
                (key.Key is null) != (key.Sha256 is null),
                $"keys: \"{key.Name}\" must have either key or sha256, not both or neither"
            );
            Check(key.Key is not "", $"keys: \"{key.Name}\" has an empty key; give at least 16 random characters");
            Check(
                key.Sha256 is null || (key.Sha256.Length == 64 && key.Sha256.All(char.IsAsciiHexDigit)),
                $"keys: the sha256 of \"{key.Name}\" must be 64 hexadecimal digits, as sha256sum prints them"
            );
        }

        return errors;

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
