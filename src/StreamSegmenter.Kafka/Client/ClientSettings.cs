using Confluent.Kafka;

namespace StreamSegmenter.Kafka.Client;

/// <summary>Judges settings of the client before anything is to be reached with them.</summary>
internal static class ClientSettings
{
    private const string Unknown = "No such configuration property";

    /// <summary>
    /// What is wrong, without the settings' values, which may be secrets. Asks the client itself, but nobody else;
    /// where its native library is missing, only what is reserved is told.
    /// </summary>
    public static IReadOnlyList<(string? Name, string Problem)> Check(IReadOnlyDictionary<string, string> settings)
    {
        List<(string? Name, string Problem)> problems = [];
        Dictionary<string, string> left = new(StringComparer.Ordinal);
        foreach ((string name, string value) in settings)
        {
            if (ReservedSettings.Reason(name) is { } reason)
            {
                problems.Add((name, $"cannot be set: {reason}"));
            }
            else
            {
                left.Add(name, value);
            }
        }

        // The client tells the first mistake alone.
        while (left.Count > 0 && Refusal(left) is { } refusal)
        {
            string? name = left.Keys.FirstOrDefault(key => refusal.Contains($"\"{key}\"", StringComparison.Ordinal));
            problems.Add((name, Explain(refusal, name is null ? null : left[name])));
            if (name is null)
            {
                break;
            }

            left.Remove(name);
        }

        return problems;
    }

    private static string Explain(string refusal, string? value) =>
        refusal.Contains(Unknown, StringComparison.Ordinal)
            ? "the Kafka client knows no such setting: see librdkafka's CONFIGURATION.md for its names"
            : "the Kafka client refuses this: "
                + (value is { Length: > 0 } ? refusal.Replace(value, "***", StringComparison.Ordinal) : refusal);

    /// <summary>Why the client does not take the settings; null when it does. Nobody is reached.</summary>
    private static string? Refusal(Dictionary<string, string> settings)
    {
        try
        {
            using IProducer<byte[], byte[]> made = new ProducerBuilder<byte[], byte[]>(settings)
                .SetLogHandler(static (_, _) => { })
                .Build();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return e.Message;
        }
        catch (Exception e)
            when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return null;
        }
    }
}
