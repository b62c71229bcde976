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
        return new(syntax.Function, lane, window, TypeOf(syntax));
    }

    public static PropertyPath ToPath(PathSyntax path) =>
        new(path.Envelope ? PathRoot.Envelope : PathRoot.Body, path.Parts);

    private LaneDefinition BindLane(SourceSyntax source, LaneContent content)
    {
        BoundNode? where = source.Where is null ? null : bindWhere(source.Where);
        PropertyPath? path = source.Path is null ? null : ToPath(source.Path);
        string key = $"{SyntaxFormatter.Format(source)} | {content}";
        return scope.GetOrAddLane(key, k => new(k, source.Event, where, path, content));
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
                    anchor.RequireNewestForEver();
                }
                else
                {
                    anchor.RequireAllForEver();
                }

                return new BoundWindow.Anchored(anchor, anchored.Last);
            default:
                return new BoundWindow.Ever();
        }
    }

    private static void Require(LaneDefinition lane, AggregateFunction function, BoundWindow window)
    {
        bool newestIsEnough = function is AggregateFunction.Exists or AggregateFunction.Since or AggregateFunction.Last;
        switch (window)
        {
            case BoundWindow.Sliding sliding:
                lane.RequireWindow(sliding.Length + sliding.Offset);
                break;
            case BoundWindow.Calendar calendar:
                lane.RequireWindow(CalendarPeriods.LongestMilliseconds(calendar.Period));
                break;
            default:
                // The newest entry answers "is there one after the anchor" as well.
                if (newestIsEnough)
                {
                    lane.RequireNewestForEver();
                }
                else
                {
                    lane.RequireAllForEver();
                }

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
