using System.Text;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Parsing;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>Parses, binds, orders and compiles, in that order, and collects the errors of every step.</summary>
internal sealed class RuleSetBuilder(IReadOnlyList<SegmentDefinition> segments, RuleSetOptions options)
{
    // To be raised when the same rules make another state of the same events.
    private const int StateFormat = 4;

    private readonly List<SegmentRuleError> _errors = [];
    private readonly Dictionary<string, ExpressionSyntax> _syntax = new(StringComparer.Ordinal);
    private readonly BindingScope _scope = new(
        segments.Select(segment => segment.Name.Value).Distinct(StringComparer.Ordinal)
    );

    // Everything that decides what comes out, in an order that does not depend on how the configuration is arranged.
    private readonly SortedDictionary<string, string> _canonical = new(StringComparer.Ordinal);

    public RuleSetResult Build()
    {
        var binder = new RuleBinder(_scope);
        foreach (SegmentDefinition segment in segments)
        {
            Try(segment, () => Bind(segment, binder));
        }

        IReadOnlyList<SlotDefinition> slots = [];
        if (_errors.Count == 0 && segments.Count > 0)
        {
            Try(segments[0], () => slots = Arrange());
        }

        return _errors.Count > 0
            ? new RuleSetResult.Refused(_errors)
            : new RuleSetResult.Compiled(
                new(segments, slots, ArrangeLanes(), _scope.MemoryCount, new(_scope, _syntax), options, CanonicalText())
            );
    }

    private void Bind(SegmentDefinition segment, RuleBinder binder)
    {
        if (_canonical.ContainsKey(segment.Name.Value))
        {
            throw new RuleException(new(0, 1, 1), $"there are two segments named \"{segment.Name}\"; rename one.");
        }

        ExpressionSyntax syntax = RuleParser.Parse(segment.Rule);
        _syntax[segment.Name.Value] = syntax;
        _scope.Segment(segment.Name.Value).Condition = binder.BindRule(syntax);
        _canonical[segment.Name.Value] =
            $"{SyntaxFormatter.Format(syntax)} cooldown {segment.Cooldown.TotalMilliseconds}";
    }

    private IReadOnlyList<SlotDefinition> Arrange()
    {
        IEnumerable<SlotDefinition> named = segments.Select(segment => _scope.Segment(segment.Name.Value));
        return SlotOrder.Arrange(named.Concat(_scope.Held));
    }

    private LaneDefinition[] ArrangeLanes()
    {
        LaneDefinition[] lanes = [.. _scope.Lanes.OrderBy(lane => lane.Key, StringComparer.Ordinal)];
        for (int i = 0; i < lanes.Length; i++)
        {
            lanes[i].Index = i;
        }

        return lanes;
    }

    private string CanonicalText()
    {
        var text = new StringBuilder(
            $"{StateFormat}\n{options.TimeZone.Id}\n{options.DedupeHorizon.TotalMilliseconds}\n"
        );
        foreach ((string name, string rule) in _canonical)
        {
            text.Append(name.Length).Append(':').Append(name).Append(' ').Append(rule).Append('\n');
        }

        return text.ToString();
    }

    private void Try(SegmentDefinition segment, Action step)
    {
        try
        {
            step();
        }
        catch (RuleException e)
        {
            _errors.Add(new(e.Segment ?? segment.Name, e.Error));
        }
    }
}
