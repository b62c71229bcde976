using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Resolves aggregates to lanes, and notes on each lane how far back it is read.</summary>
internal sealed class SourceBinder(BindingScope scope, Func<ExpressionSyntax, BoundNode> bindWhere)
{
    public BoundAggregate BindAggregate(AggregateSyntax syntax)
    {
        RefuseMissingPath(syntax);
        LaneDefinition lane = BindLane(syntax.Source, ContentFor(syntax));
        BoundWindow window = BindWindow(syntax.Window);
        Require(lane, syntax.Function, window);
        return new(syntax.Function, lane, window, TypeOf(syntax), MemoryFor(syntax.Function, lane, window));
    }

    public BoundSequence BindSequence(SequenceSyntax syntax)
    {
        SequencePattern pattern = SequenceBinder.Bind(syntax);
        LaneSource[] sources = [.. syntax.Steps.Select(step => BindSource(step.Source))];
        string key = string.Join(" then ", syntax.Steps.Select(step => SyntaxFormatter.Format(step.Source)));
        LaneDefinition lane = scope.GetOrAddLane(
            $"{key} | {LaneContent.Steps}",
            k => new(k, sources, LaneContent.Steps)
        );
        BoundWindow window = BindWindow(syntax.Window);
        Require(lane, window, pattern.Reach);
        string text = SyntaxFormatter.Format(syntax with { Window = new EverWindowSyntax(syntax.Place) });
        MemoryDefinition memory = scope.GetOrAddMemory((text, window), _ => new SequenceProgress(pattern));
        return new(lane, window, memory, pattern.Reach, Waits: pattern.Wait > 0);
    }

    public static PropertyPath ToPath(PathSyntax path) =>
        new(path.Envelope ? PathRoot.Envelope : PathRoot.Body, path.Parts);

    private LaneDefinition BindLane(SourceSyntax source, LaneContent content)
    {
        LaneSource bound = BindSource(source);
        return scope.GetOrAddLane($"{SyntaxFormatter.Format(source)} | {content}", k => new(k, [bound], content));
    }

    private LaneSource BindSource(SourceSyntax source) =>
        new(
            SyntaxFormatter.Format(source),
            source.Event,
            source.Where is null ? null : bindWhere(source.Where),
            source.Path is null ? null : ToPath(source.Path)
        );

    private MemoryDefinition? MemoryFor(AggregateFunction function, LaneDefinition lane, BoundWindow window)
    {
        Func<CalendarPeriods, LaneMemory>? create = function switch
        {
            AggregateFunction.Min => static _ => new ExtremeFold(largest: false),
            AggregateFunction.Max => static _ => new ExtremeFold(largest: true),
            AggregateFunction.Distinct => static _ => new TallyFold(),
            AggregateFunction.Mode => static _ => new ModeFold(),
            AggregateFunction.Days => static calendar => new DaysFold(calendar),
            _ => null,
        };
        return create is null ? null : scope.GetOrAddMemory((function, lane, window), create);
    }

    private BoundWindow BindWindow(WindowSyntax syntax)
    {
        switch (syntax)
        {
            case SlidingWindowSyntax sliding:
                return new BoundWindow.Sliding(sliding.Length.Milliseconds, sliding.Offset?.Milliseconds ?? 0);
            case CalendarWindowSyntax calendar:
                return new BoundWindow.Calendar(calendar.Period);
            case AnchoredWindowSyntax anchored:
                LaneDefinition anchor = BindLane(anchored.Anchor, LaneContent.Times);
                if (anchored.Last)
                {
                    anchor.Reach.RequireNewestForEver();
                }
                else
                {
                    anchor.Reach.RequireAllForEver();
                }

                return new BoundWindow.Anchored(anchor, anchored.Last);
            default:
                return new BoundWindow.Ever();
        }
    }

    private static void Require(LaneDefinition lane, AggregateFunction function, BoundWindow window)
    {
        bool newestIsEnough = function is AggregateFunction.Exists or AggregateFunction.Since or AggregateFunction.Last;
        if (newestIsEnough && window is BoundWindow.Anchored or BoundWindow.Ever)
        {
            // The newest entry answers "is there one after the anchor" as well.
            lane.Reach.RequireNewestForEver();
        }
        else
        {
            Require(lane, window, reach: 0);
        }
    }

    /// <param name="reach">How far before the window events still matter; null without limit.</param>
    private static void Require(LaneDefinition lane, BoundWindow window, long? reach)
    {
        switch (window)
        {
            case BoundWindow.Sliding sliding when reach is { } before:
                lane.Reach.RequireSliding(sliding.Length + sliding.Offset + before);
                break;
            case BoundWindow.Calendar calendar when reach is { } before:
                lane.Reach.RequirePeriod(calendar.Period, before);
                break;
            default:
                lane.Reach.RequireAllForEver();
                break;
        }
    }

    private static void RefuseMissingPath(AggregateSyntax syntax)
    {
        bool needsPath =
            syntax.Function
            is AggregateFunction.Sum
                or AggregateFunction.Avg
                or AggregateFunction.Min
                or AggregateFunction.Max
                or AggregateFunction.Distinct
                or AggregateFunction.Mode;
        if (needsPath && syntax.Source.Path is null)
        {
            string name = SyntaxFormatter.FunctionName(syntax.Function);
            string source = syntax.Source.Event is null
                ? "any"
                : SyntaxFormatter.Format(syntax.Source with { Where = null });
            throw new RuleException(
                syntax.Source.Place,
                $"{name} needs a property: write e.g. {name}({source}.amount)."
            );
        }
    }

    private static LaneContent ContentFor(AggregateSyntax syntax) =>
        syntax.Function switch
        {
            AggregateFunction.Sum or AggregateFunction.Avg or AggregateFunction.Min or AggregateFunction.Max =>
                LaneContent.Numbers,
            AggregateFunction.Distinct or AggregateFunction.Mode => LaneContent.Values,
            AggregateFunction.First or AggregateFunction.Last when syntax.Source.Path is not null => LaneContent.Values,
            _ => LaneContent.Times,
        };

    private static ValueTypes TypeOf(AggregateSyntax syntax) =>
        syntax.Function switch
        {
            AggregateFunction.Exists => ValueTypes.Boolean,
            AggregateFunction.Since or AggregateFunction.SinceFirst => ValueTypes.Duration,
            AggregateFunction.Mode => ValueTypes.Scalar,
            AggregateFunction.First or AggregateFunction.Last => syntax.Source.Path is null
                ? ValueTypes.Time
                : ValueTypes.Json,
            _ => ValueTypes.Number,
        };
}
