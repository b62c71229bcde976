namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Turns formulas into delegates that look only at a customer's bands and slots.</summary>
internal static class FormulaCompiler
{
    /// <param name="bands">The bands of each feature.</param>
    public static CompiledCondition Compile(Formula formula, IReadOnlyList<ValueBands> bands)
    {
        switch (formula)
        {
            case Formula.Test test:
                return Test(test.Feature.Index, bands[test.Feature.Index].Passing(test.Value));
            case Formula.Slot { Definition: var slot }:
                return frame => frame.Customer.Holding.Contains(slot.Index);
            case Formula.Not not:
                CompiledCondition operand = Compile(not.Operand, bands);
                return frame => !operand(frame);
            case Formula.Junction junction:
                return Junction(junction.IsAnd, [.. junction.Operands.Select(operand => Compile(operand, bands))]);
            default:
                throw new InvalidOperationException($"{formula.GetType().Name} is no formula.");
        }
    }

    private static CompiledCondition Test(int feature, BandSet passing)
    {
        if (passing.Ranges is [var (from, to)])
        {
            return frame => frame.Customer.Bands[feature] >= from && frame.Customer.Bands[feature] < to;
        }

        return frame => passing.Contains(frame.Customer.Bands[feature]);
    }

    private static CompiledCondition Junction(bool isAnd, CompiledCondition[] operands) =>
        frame =>
        {
            foreach (CompiledCondition operand in operands)
            {
                if (operand(frame) != isAnd)
                {
                    return !isAnd;
                }
            }

            return isAnd;
        };
}
