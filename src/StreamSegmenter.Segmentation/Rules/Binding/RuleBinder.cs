using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>
/// Checks an expression's names and types and resolves what it reads to lanes and slots. One binder serves all segments
/// of a rule set, so that equal parts of different rules become one.
/// </summary>
internal sealed class RuleBinder
{
    private readonly BindingScope _scope;
    private readonly SourceBinder _sources;

    // Inside 'where' (and any(...)) the event at hand is read; outside, the customer's timelines and traits.
    private bool _insideWhere;

    public RuleBinder(BindingScope scope)
    {
        _scope = scope;
        _sources = new(scope, BindWhere);
    }

    /// <exception cref="RuleException">A name is unknown, or types can never match.</exception>
    public BoundNode BindRule(ExpressionSyntax syntax) => BindCondition(syntax);

    /// <summary>Any part of a rule that was bound before, outside of <c>where</c>.</summary>
    public BoundNode BindPart(ExpressionSyntax syntax) => Bind(syntax);

    private BoundNode BindWhere(ExpressionSyntax syntax)
    {
        _insideWhere = true;
        try
        {
            return BindCondition(syntax);
        }
        finally
        {
            // The binder goes on with the next segment when this one is refused.
            _insideWhere = false;
        }
    }

    private BoundNode BindCondition(ExpressionSyntax syntax)
    {
        BoundNode node = Bind(syntax);
        return node.Types.HasFlag(ValueTypes.Boolean)
            ? node
            : throw new RuleException(
                syntax.Place,
                $"expected a condition, found {node.Types.Describe()}; compare it with something."
            );
    }

    private BoundNode Bind(ExpressionSyntax syntax) =>
        syntax switch
        {
            OrSyntax or => new BoundJunction(IsAnd: false, [.. or.Operands.Select(BindCondition)]),
            AndSyntax and => new BoundJunction(IsAnd: true, [.. and.Operands.Select(BindCondition)]),
            NotSyntax not => new BoundNot(BindCondition(not.Operand)),
            HeldSyntax held => BindHeld(held),
            ComparisonSyntax comparison => BindComparison(comparison),
            InListSyntax list => BindInList(list),
            TextSyntax text => TextBinder.Bind(text, Bind(text.Value), Bind(text.Argument)),
            PresenceSyntax presence => new BoundPresence(Bind(presence.Value), presence.Present),
            ArithmeticSyntax arithmetic => ArithmeticBinder.Bind(
                arithmetic,
                Bind(arithmetic.Left),
                Bind(arithmetic.Right)
            ),
            NegateSyntax negate => ArithmeticBinder.BindNegation(negate, Bind(negate.Operand)),
            NumberSyntax number => new BoundConstant(RuleValue.Number(number.Value), ValueTypes.Number),
            StringSyntax text => new BoundConstant(RuleValue.String(text.Value), ValueTypes.String),
            BooleanSyntax boolean => new BoundConstant(RuleValue.Boolean(boolean.Value), ValueTypes.Boolean),
            DurationSyntax duration => new BoundConstant(
                RuleValue.Duration(duration.Milliseconds),
                ValueTypes.Duration
            ),
            _ => BindLeaf(syntax),
        };

    private BoundNode BindLeaf(ExpressionSyntax syntax)
    {
        switch (syntax)
        {
            case PropertySyntax property:
                return BindProperty(property);
            case AnyElementSyntax any:
                return BindAnyElement(any);
            case TraitSyntax trait:
                return BindTrait(trait);
            case var _ when _insideWhere:
                throw new RuleException(
                    syntax.Place,
                    "inside 'where' only the event's own properties, the envelope (@...), the customer's traits and "
                        + "written-out values can be read."
                );
            case AggregateSyntax aggregate:
                return _sources.BindAggregate(aggregate);
            case InSegmentSyntax segment:
                return new BoundSlot(_scope.ResolveSegment(segment.Segment, segment.Place));
            case ScoreSyntax score:
                return ProvidedBinder.Bind(score);
            case RfmSyntax rfm:
                return ProvidedBinder.Bind(rfm);
            case ConsentSyntax consent:
                return ProvidedBinder.Bind(consent);
            case SequenceSyntax sequence:
                return _sources.BindSequence(sequence);
            default:
                throw new InvalidOperationException($"{syntax.GetType().Name} is not bound.");
        }
    }

    private BoundSlot BindHeld(HeldSyntax held)
    {
        if (_insideWhere)
        {
            throw new RuleException(held.Place, "'for' cannot stand inside 'where': an event is a single moment.");
        }

        BoundNode condition = BindCondition(held.Operand);
        string key = SyntaxFormatter.Format(held.Operand);
        return new BoundSlot(_scope.AddHeld(key, held.Duration.Milliseconds, condition));
    }

    private BoundComparison BindComparison(ComparisonSyntax syntax)
    {
        BoundNode left = Bind(syntax.Left);
        BoundNode right = Bind(syntax.Right);
        bool equality = syntax.Operator is ComparisonOperator.Equal or ComparisonOperator.NotEqual;
        ValueTypes comparable = equality ? ValueTypes.Ordered | ValueTypes.Boolean : ValueTypes.Ordered;
        if ((left.Types & right.Types & comparable) == 0)
        {
            throw new RuleException(
                syntax.Right.Place,
                (left.Types & right.Types) != 0
                    ? $"{left.Types.Describe()} has no order; use = or !=."
                    : $"this can never match: on the left is {left.Types.Describe()}, "
                        + $"on the right {right.Types.Describe()}."
            );
        }

        return new(left, syntax.Operator, right);
    }

    private BoundNode BindInList(InListSyntax syntax)
    {
        BoundNode value = Bind(syntax.Value);
        var elements = new List<RuleValue>();
        var types = ValueTypes.None;
        foreach (ExpressionSyntax element in syntax.Elements)
        {
            if (Bind(element) is not BoundConstant constant)
            {
                throw new RuleException(element.Place, "a list holds written-out values only.");
            }

            elements.Add(constant.Value);
            types |= constant.Types;
        }

        if ((value.Types & types) == 0)
        {
            throw new RuleException(
                syntax.Elements[0].Place,
                $"this can never match: the value is {value.Types.Describe()}, the list holds {types.Describe()}."
            );
        }

        return value.Clocked
            ? SpellOut(value, syntax.Negated, elements)
            : new BoundInList(value, syntax.Negated, elements);
    }

    // A value that moves with the clock changes at instants that only comparisons know how to find.
    private static BoundJunction SpellOut(BoundNode value, bool negated, List<RuleValue> elements)
    {
        var equalities = elements.ConvertAll<BoundNode>(element => new BoundComparison(
            value,
            ComparisonOperator.Equal,
            new BoundConstant(element, ValueTypes.Duration)
        ));
        var any = new BoundJunction(IsAnd: false, equalities);
        return negated
            ? new BoundJunction(IsAnd: true, [new BoundPresence(value, Present: true), new BoundNot(any)])
            : any;
    }

    private BoundProperty BindProperty(PropertySyntax syntax)
    {
        if (!_insideWhere)
        {
            throw new RuleException(syntax.Place, OutsideWhere(syntax.Path));
        }

        return new(SourceBinder.ToPath(syntax.Path));
    }

    private static string OutsideWhere(PathSyntax path)
    {
        string text = SyntaxFormatter.Format(path);
        if (text == "profile")
        {
            return "'profile' needs a trait's name: write e.g. profile.status.";
        }

        string example = path.Parts.Count > 1 ? text : "event.property";
        return $"'{text}' can only be read inside 'where'; "
            + (
                path.Envelope
                    ? $"aggregate it, e.g. last(any.{text})."
                    : $"for a customer's trait write profile.{text}, "
                        + $"for an event's property aggregate it, e.g. last({example})."
            );
    }

    private BoundAnyElement BindAnyElement(AnyElementSyntax syntax)
    {
        if (!_insideWhere || syntax.Array is not PropertySyntax array)
        {
            throw new RuleException(syntax.Place, "any(...) looks at one of the event's arrays, inside 'where'.");
        }

        return new(BindProperty(array), BindCondition(syntax.Condition));
    }

    private static BoundTrait BindTrait(TraitSyntax syntax)
    {
        if (syntax.Path.Envelope || syntax.Path.Parts[0] is not { } trait)
        {
            throw new RuleException(syntax.Path.Place, "expected a trait's name after 'profile.'.");
        }

        if (trait == ConsentTraits.Trait)
        {
            return ProvidedBinder.BindConsent(syntax);
        }

        var rest = new PropertyPath(PathRoot.Body, [.. syntax.Path.Parts.Skip(1)]);
        return new(trait, rest);
    }
}
