using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Tests.Rules.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments.Support;

/// <summary>
/// Feeds one shard by hand and writes down what comes out, a line a transition, e.g. <c>100 c +s event m1 #1</c>: the
/// instant, the customer, entered (+) or exited (-), the cause, the message and the number; <c>muted</c> when the
/// cooldown forbids pushes. Times are plain milliseconds.
/// </summary>
internal sealed class ShardScript : ITransitionSink
{
    public static readonly ShardLimits Limits = new(EventLimits.Default, HotCustomers: 100, MaxTimelineEntries: 1_000);

    private int _messages;

    public ShardScript(string rule, ShardLimits? limits = null)
        : this([RuleTexts.Segment("s", rule)], limits) { }

    public ShardScript(IReadOnlyList<SegmentDefinition> segments, ShardLimits? limits = null, TimeSpan? horizon = null)
    {
        RuleSetOptions options = RuleSetOptions.Default;
        Rules = RuleTexts.Compile(segments, options with { DedupeHorizon = horizon ?? options.DedupeHorizon });
        Shard = new(Rules, limits ?? Limits, this);
    }

    public RuleSet Rules { get; }

    public SegmentationShard Shard { get; }

    public List<string> Log { get; } = [];

    /// <summary>A track event; without <paramref name="at"/> its event time is the log time.</summary>
    public ApplyResult Track(
        long log,
        string name,
        string properties = "",
        string customer = "c",
        long? at = null,
        string? message = null
    )
    {
        message ??= $"m{++_messages}";
        return Apply(
            log,
            customer,
            $$"""
            {"type":"track","event":"{{name}}","userId":"{{customer}}","messageId":"{{message}}",
             "timestamp":"{{Iso(at ?? log)}}","properties":{ {{properties}} } }
            """
        );
    }

    public ApplyResult Identify(long log, string traits, string customer = "c", long? at = null) =>
        Apply(
            log,
            customer,
            $$"""
            {"type":"identify","userId":"{{customer}}","messageId":"m{{++_messages}}",
             "timestamp":"{{Iso(at ?? log)}}","traits":{ {{traits}} } }
            """
        );

    public ApplyResult Apply(long log, string customer, string json) =>
        Shard.Apply(new(log), new(customer), Encoding.UTF8.GetBytes(json));

    public void AdvanceTo(long instant) => Shard.AdvanceThrough(new(instant));

    public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes)
    {
        @event.IsMissing.ShouldBe(transition.Cause != TransitionCause.Event);
        string sign = transition.Kind == TransitionKind.Entered ? "+" : "-";
        string message = transition.MessageId is null ? "" : $" {transition.MessageId}";
        Log.Add(
            $"{transition.At.Milliseconds.ToString(CultureInfo.InvariantCulture)} {transition.Customer} "
                + $"{sign}{transition.Segment} {transition.Cause.Word()}{message} #{transition.Number}"
                + (pushes ? "" : " muted")
        );
    }

    private static string Iso(long milliseconds) => new Timestamp(milliseconds).ToString();
}
