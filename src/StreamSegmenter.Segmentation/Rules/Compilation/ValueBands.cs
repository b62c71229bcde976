namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// The values of a feature, cut where the tests that read it tell them apart: two values in one band are the same to
/// every test. So a customer's feature is remembered as the number of its band, and only a change of the band can
/// change a rule. Bands follow the order of values: missing, values that no test's type fits, then type by type.
/// </summary>
internal sealed class ValueBands
{
    private const int MissingCell = 0;
    private const int OtherCell = 1;

    // Cells are bands before those are joined that no test tells apart: below, at and above each constant.
    private readonly Region[] _regions = new Region[KindCount];
    private readonly int[] _bandOfCell;
    private readonly int[] _firstCell;
    private readonly int _cells = OtherCell + 1;

    public ValueBands(IReadOnlyCollection<ValueTest> tests)
    {
        foreach (
            IGrouping<RuleValueKind, RuleValue> kind in tests
                .SelectMany(test => test.Constants)
                .Distinct()
                .GroupBy(constant => constant.Kind)
                .OrderBy(kind => kind.Key)
        )
        {
            RuleValue[] constants = [.. kind.Order(ByValue)];
            _regions[(int)kind.Key] = new(_cells, constants);
            _cells += (2 * constants.Length) + 1;
        }

        var cuts = new bool[_cells + 1];
        cuts[0] = true;
        foreach ((int from, int to) in tests.SelectMany(CellsOf))
        {
            cuts[from] = cuts[to] = true;
        }

        _bandOfCell = new int[_cells];
        var firstCells = new List<int>();
        for (int cell = 0; cell < _cells; cell++)
        {
            if (cuts[cell])
            {
                firstCells.Add(cell);
            }

            _bandOfCell[cell] = firstCells.Count - 1;
        }

        firstCells.Add(_cells);
        _firstCell = [.. firstCells];
    }

    private static int KindCount => (int)RuleValueKind.Object + 1;

    private static Comparer<RuleValue> ByValue { get; } =
        Comparer<RuleValue>.Create(static (a, b) => RuleValue.Order(a, b));

    public int Count => _firstCell.Length - 1;

    public int Of(in RuleValue value)
    {
        if (value.IsMissing)
        {
            return _bandOfCell[MissingCell];
        }

        ref readonly Region region = ref _regions[(int)value.Kind];
        return _bandOfCell[region.Constants is null ? OtherCell : region.CellOf(value)];
    }

    /// <summary>
    /// The band of a number, time or duration; the ends of the band <paramref name="guess"/> are looked at before
    /// anything else.
    /// </summary>
    public int Of(RuleValueKind kind, decimal amount, int guess)
    {
        ref readonly Region region = ref _regions[(int)kind];
        if (region.Constants is null)
        {
            return _bandOfCell[OtherCell];
        }

        int first = _firstCell[guess] - region.FirstCell;
        int end = _firstCell[guess + 1] - region.FirstCell;
        bool isInside = end > 0 && first < region.Cells && region.IsFrom(first, amount) && region.IsBefore(end, amount);
        return isInside ? guess : _bandOfCell[region.CellOf(amount)];
    }

    /// <summary>Whether values of this kind, one that tests compare, are in the band.</summary>
    public bool Has(int band, RuleValueKind kind)
    {
        ref readonly Region region = ref _regions[(int)kind];
        return _firstCell[band + 1] > region.FirstCell && _firstCell[band] < region.FirstCell + region.Cells;
    }

    /// <summary>The bands whose values pass, as ranges [From, To) in order.</summary>
    public BandSet Passing(ValueTest test) =>
        new([.. CellsOf(test).Select(cells => (BandFrom(cells.From), BandFrom(cells.To)))]);

    /// <summary>
    /// The constant below which a value of this kind leaves the band downwards, and whether the constant itself is
    /// still inside. Null if it cannot leave so.
    /// </summary>
    public (decimal Constant, bool Inside)? LowerEnd(int band, RuleValueKind kind)
    {
        Region region = _regions[(int)kind];
        int cell = _firstCell[band] - region.FirstCell;
        return region.Constants is null || cell <= 0
            ? null
            : (region.Constants[(cell - 1) / 2].Amount, Inside: cell % 2 == 1);
    }

    /// <summary>As <see cref="LowerEnd"/>, upwards.</summary>
    public (decimal Constant, bool Inside)? UpperEnd(int band, RuleValueKind kind)
    {
        Region region = _regions[(int)kind];
        int end = _firstCell[band + 1] - region.FirstCell;
        return region.Constants is null || end >= region.Cells
            ? null
            : (region.Constants[(end - 1) / 2].Amount, Inside: end % 2 == 0);
    }

    private int BandFrom(int cell) => cell == _cells ? Count : _bandOfCell[cell];

    private IEnumerable<(int From, int To)> CellsOf(ValueTest test) =>
        test switch
        {
            ValueTest.Presence { Present: var present } => present ? [(OtherCell, _cells)] : [(MissingCell, OtherCell)],
            ValueTest.Compare compare => Compare(compare),
            ValueTest.OneOf list => OneOf(list),
            _ => throw new InvalidOperationException($"{test.GetType().Name} is no test."),
        };

    private IEnumerable<(int From, int To)> Compare(ValueTest.Compare compare)
    {
        Region region = _regions[(int)compare.Constant.Kind];
        int first = region.FirstCell;
        int end = first + region.Cells;
        int at = region.CellOf(compare.Constant);
        if (compare.Constant.Kind == RuleValueKind.Boolean && compare.Operator > Syntax.ComparisonOperator.NotEqual)
        {
            return [];
        }

        return compare.Operator switch
        {
            Syntax.ComparisonOperator.Equal => [(at, at + 1)],
            Syntax.ComparisonOperator.NotEqual => [(first, at), (at + 1, end)],
            Syntax.ComparisonOperator.Less => [(first, at)],
            Syntax.ComparisonOperator.LessOrEqual => [(first, at + 1)],
            Syntax.ComparisonOperator.Greater => [(at + 1, end)],
            _ => [(at, end)],
        };
    }

    private List<(int From, int To)> OneOf(ValueTest.OneOf list)
    {
        var ranges = new List<(int From, int To)>();
        foreach (IGrouping<RuleValueKind, RuleValue> kind in list.Elements.GroupBy(e => e.Kind).OrderBy(k => k.Key))
        {
            Region region = _regions[(int)kind.Key];
            int rest = region.FirstCell;
            foreach (int at in kind.Select(region.CellOf).Distinct().Order())
            {
                ranges.Add(list.Negated ? (rest, at) : (at, at + 1));
                rest = at + 1;
            }

            if (list.Negated)
            {
                ranges.Add((rest, region.FirstCell + region.Cells));
            }
        }

        return ranges;
    }

    /// <summary>The cells of one type: one below, at and above each constant; constants in order.</summary>
    private readonly record struct Region(int FirstCell, RuleValue[]? Constants)
    {
        private readonly decimal[] _amounts = Constants is null
            ? []
            : [.. Constants.Select(constant => constant.Amount)];

        public int Cells => Constants is null ? 0 : (2 * Constants.Length) + 1;

        public int CellOf(RuleValue value) =>
            value.Kind == RuleValueKind.String
                ? CellAt(Array.BinarySearch(Constants!, value, ByValue))
                : CellOf(value.Amount);

        /// <summary>Of a number, time, duration or boolean.</summary>
        public int CellOf(decimal amount) => CellAt(_amounts.AsSpan().BinarySearch(amount));

        /// <summary>Whether it is in a cell or after it; cells count from that below the first constant.</summary>
        public bool IsFrom(int cell, decimal amount)
        {
            if (cell <= 0)
            {
                return true;
            }

            int order = amount.CompareTo(_amounts[(cell - 1) / 2]);
            return order > 0 || (order == 0 && cell % 2 == 1);
        }

        /// <summary>Whether it is before a cell.</summary>
        public bool IsBefore(int cell, decimal amount) => cell >= Cells || !IsFrom(cell, amount);

        private int CellAt(int found) => FirstCell + (found >= 0 ? (2 * found) + 1 : 2 * ~found);
    }
}
