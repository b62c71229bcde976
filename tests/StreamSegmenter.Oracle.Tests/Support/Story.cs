using System.Globalization;

namespace StreamSegmenter.Oracle.Tests.Support;

/// <summary>Rules, a log, and what is expected to come of them.</summary>
internal sealed class Story
{
    private readonly List<OracleSegment> _segments = [];
    private readonly List<string> _lines = [];
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private TimeSpan _horizon = TimeSpan.FromDays(7);

    private Story() { }

    /// <summary>One segment, s.</summary>
    public static Story Rule(string rule) => new Story().And("s", rule);

    public Story And(string segment, string rule)
    {
        _segments.Add(new(segment, rule));
        return this;
    }

    public Story In(string zone)
    {
        _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
        return this;
    }

    public Story Remembering(TimeSpan horizon)
    {
        _horizon = horizon;
        return this;
    }

    public Story Given(params string[] lines)
    {
        _lines.AddRange(lines);
        return this;
    }

    public OracleResult Run(long? until) =>
        OracleRun.Simulate(
            new OracleConfig(_segments) { TimeZone = _zone, DedupeHorizon = _horizon },
            _lines,
            until is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null
        );

    /// <summary>Each as <c>15 -s time</c>: instant, entered or exited, segment, cause; other customers named.</summary>
    public void Makes(long? until, params string[] transitions)
    {
        var result = Run(until);
        result.DeadLetters.ShouldBeEmpty();
        result.Transitions.Select(Write).ShouldBe(transitions);
    }

    public void Makes(params string[] transitions) => Makes(until: null, transitions);

    /// <summary>Whether the customer is in s right after the last line.</summary>
    public void Holds(bool expected)
    {
        var result = Run(until: null);
        result.DeadLetters.ShouldBeEmpty();
        (result.Transitions.LastOrDefault(t => t.Segment == "s")?.Entered ?? false).ShouldBe(
            expected,
            _segments[0].Rule
        );
    }

    private static string Write(OracleTransition transition)
    {
        var customer = transition.Customer == "c" ? "" : transition.Customer + " ";
        var sign = transition.Entered ? '+' : '-';
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{customer}{transition.At} {sign}{transition.Segment} {transition.Cause}"
        );
    }
}
