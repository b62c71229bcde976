using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>Short ways to say what a test is about.</summary>
internal static class Scripted
{
    public static readonly ConnectorName Chat = new("chat");
    public static readonly ConnectorName Mail = new("mail");

    /// <summary>How many random cases to try: STREAMSEGMENTER_CASES, or as many as usual.</summary>
    private static int Cases(int usual) =>
        int.TryParse(
            Environment.GetEnvironmentVariable("STREAMSEGMENTER_CASES"),
            CultureInfo.InvariantCulture,
            out int cases
        )
            ? cases
            : usual;

    /// <summary>Does something for each seed, and says which one failed.</summary>
    public static void ForSeeds(int usual, Action<int> run)
    {
        for (int seed = 0; seed < Cases(usual); seed++)
        {
            try
            {
                run(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    public static SegmentActions Segment(
        string name,
        string rule,
        TimeSpan cooldown = default,
        bool backfillPush = false
    ) =>
        new(
            new(new(name), $"those in {name}", rule, cooldown) { BackfillPush = backfillPush },
            OnEnter: [new(Chat, "{}"u8.ToArray())],
            OnExit: [new(Mail, "{}"u8.ToArray())]
        );

    public static RuleSet Compile(IEnumerable<SegmentActions> segments, RuleSetOptions? options = null) =>
        RuleSet.Compile([.. segments.Select(segment => segment.Segment)], options ?? RuleSetOptions.Default) switch
        {
            RuleSetResult.Compiled compiled => compiled.Rules,
            RuleSetResult.Refused refused => throw new InvalidOperationException(string.Join("\n", refused.Errors)),
            _ => throw new InvalidOperationException(),
        };

    public static NewRecord Track(string customer, string name, string? messageId = null, string properties = "{}") =>
        new(
            new(customer),
            Encoding.UTF8.GetBytes(
                $$"""{"type":"track","event":"{{name}}","userId":"{{customer}}","properties":{{properties}}"""
                    + (messageId is null ? "}" : $$""","messageId":"{{messageId}}"}""")
            )
        );

    public static NewRecord Identify(string customer, string traits) =>
        new(
            new(customer),
            Encoding.UTF8.GetBytes($$"""{"type":"identify","userId":"{{customer}}","traits":{{traits}}}""")
        );

    public static JsonElement Json(ReadOnlyMemory<byte> utf8) => JsonDocument.Parse(utf8).RootElement;
}
