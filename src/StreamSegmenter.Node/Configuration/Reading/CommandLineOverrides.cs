using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Turns <c>shards.batch-records=100</c> into the arguments that configurations read.</summary>
internal static class CommandLineOverrides
{
    public static IEnumerable<string> Read(IReadOnlyList<string> overrides, ProblemList problems)
    {
        var arguments = new List<string>();
        foreach (var text in overrides)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                Refuse(text, "has no value", "write KEY=VALUE, e.g. shards.batch-records=100");
            }
            else if (!TryReadKey(text[..equals], out var key))
            {
                Refuse(text[..equals], "is not a key", "write names with dots between them, e.g. shards.batch-records");
            }
            else
            {
                arguments.AddRange([$"--{key}", text[(equals + 1)..]]);
            }
        }

        return arguments;

        void Refuse(string what, string problem, string cure) =>
            problems.Add(HoconOrigin.CommandLine, what, problem, cure);
    }

    private static bool TryReadKey(string text, out string key)
    {
        try
        {
            key = string.Join(ConfigurationPath.KeyDelimiter, HoconPath.Parse(text).Keys);
            return key.Length > 0;
        }
        catch (HoconException)
        {
            key = "";
            return false;
        }
    }
}
