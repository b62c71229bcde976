using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Adds every value that an expression has.</summary>
internal delegate void CompiledValues(EvaluationFrame frame, List<RuleValue> values);

/// <summary>Compiles expressions over paths with <c>[]</c>, which have a value for each element.</summary>
internal static class FlatteningCompiler
{
    public static bool Flattens(BoundNode node) =>
        node switch
        {
            BoundProperty property => property.Path.Flattens,
            BoundTrait trait => trait.Path.Flattens,
            BoundNegation negation => Flattens(negation.Operand),
            BoundArithmetic arithmetic => Flattens(arithmetic.Left) || Flattens(arithmetic.Right),
            _ => false,
        };

    public static CompiledValues Compile(BoundNode node)
    {
        switch (node)
        {
            case BoundTrait { Trait: var trait, Path: var path }:
                return (frame, values) =>
                    PropertyReader.Collect(
                        frame.Customer.Traits.Find(trait)?.Value ?? default,
                        path,
                        frame.Texts,
                        values
                    );
            case BoundProperty { Path: var path }:
                return (frame, values) =>
                    PropertyReader.Collect(RuleCompiler.Root(frame, path), path, frame.Texts, values);
            case BoundNegation negation:
                CompiledValues operand = Compile(negation.Operand);
                return (frame, values) =>
                {
                    operand(frame, values);
                    for (int i = 0; i < values.Count; i++)
                    {
                        values[i] = ValueMath.Negate(values[i]);
                    }
                };
            case BoundArithmetic arithmetic:
                return Pairs(arithmetic, Compile(arithmetic.Left), Compile(arithmetic.Right));
            default:
                CompiledValue single = RuleCompiler.Value(node);
                return (frame, values) => values.Add(single(frame));
        }
    }

    private static CompiledValues Pairs(BoundArithmetic arithmetic, CompiledValues left, CompiledValues right) =>
        (frame, values) =>
        {
            List<RuleValue> lefts = frame.RentList();
            List<RuleValue> rights = frame.RentList();
            left(frame, lefts);
            right(frame, rights);
            foreach (RuleValue a in lefts)
            {
                foreach (RuleValue b in rights)
                {
                    values.Add(ValueMath.Combine(arithmetic.Operator, a, b));
                }
            }

            frame.Return(lefts);
            frame.Return(rights);
        };
}
