using System.Runtime.InteropServices;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// The conditions of all slots as decisions that look only at a customer's bands and slots: each decision asks one
/// question and leads to the next or to the answer. All stand in one array, so that one of many thousands is in few
/// cache lines.
/// </summary>
internal sealed class FormulaProgram
{
    private const int True = -1;
    private const int False = -2;

    private readonly int[] _starts;
    private readonly Decision[] _decisions;

    /// <param name="formulas">One for each slot.</param>
    /// <param name="bands">The bands of each feature.</param>
    public FormulaProgram(IReadOnlyList<Formula> formulas, IReadOnlyList<ValueBands> bands)
    {
        var decisions = new List<Decision>();
        _starts = [.. formulas.Select(formula => Compile(formula, True, False, bands, decisions))];
        _decisions = [.. decisions];
    }

    public bool Holds(int slot, CustomerState customer)
    {
        int next = _starts[slot];
        while (next >= 0)
        {
            ref readonly Decision decision = ref _decisions[next];
            bool passes =
                decision.Feature >= 0
                    ? (uint)(customer.Bands[decision.Feature] - decision.From) < (uint)decision.Width
                    : customer.Holding.Contains(~decision.Feature);
            next = passes ? decision.Then : decision.Else;
        }

        return next == True;
    }

    // Written from the end: what follows is known when a decision is made. Returns where the formula starts.
    private static int Compile(
        Formula formula,
        int then,
        int otherwise,
        IReadOnlyList<ValueBands> bands,
        List<Decision> decisions
    )
    {
        switch (formula)
        {
            case Formula.Not not:
                return Compile(not.Operand, otherwise, then, bands, decisions);
            case Formula.Junction junction:
                int start = junction.IsAnd ? then : otherwise;
                foreach (Formula operand in junction.Operands.Reverse())
                {
                    start = junction.IsAnd
                        ? Compile(operand, start, otherwise, bands, decisions)
                        : Compile(operand, then, start, bands, decisions);
                }

                return start;
            case Formula.Slot slot:
                decisions.Add(new(~slot.Definition.Index, 0, 0, then, otherwise));
                return decisions.Count - 1;
            case Formula.Test test:
                int next = otherwise;
                foreach ((int from, int to) in bands[test.Feature.Index].Passing(test.Value).Ranges.Reverse())
                {
                    decisions.Add(new(test.Feature.Index, (ushort)from, (ushort)(to - from), then, next));
                    next = decisions.Count - 1;
                }

                return next;
            default:
                throw new InvalidOperationException($"{formula.GetType().Name} is no formula.");
        }
    }

    /// <summary>Whether a feature's band is one of some in a row, or whether a slot holds.</summary>
    /// <param name="Feature">Its index; of a slot the complement.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Decision(int Feature, ushort From, ushort Width, int Then, int Else);
}
