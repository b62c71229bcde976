namespace StreamSegmenter.Oracle.Values;

internal enum Relation
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>How two present values compare. Across types, and for arrays and objects, everything is false.</summary>
internal static class Comparison
{
    public static bool Holds(Relation relation, Value left, Value right) =>
        (left, right) switch
        {
            (Truth l, Truth r) => relation switch
            {
                Relation.Equal => l.Holds == r.Holds,
                Relation.NotEqual => l.Holds != r.Holds,
                _ => false,
            },
            _ => Order(left, right) is { } order && Holds(relation, order),
        };

    public static bool Equal(Value left, Value right) => Holds(Relation.Equal, left, right);

    public static bool SameScalarType(Value left, Value right) => IsScalar(left) && left.GetType() == right.GetType();

    public static bool IsScalar(Value value) => value is not (Elements or Fields);

    /// <summary>Numbers before strings before booleans; only for values of JSON.</summary>
    public static int RankOrder(Value left, Value right)
    {
        var byRank = Rank(left).CompareTo(Rank(right));
        return (byRank, left, right) switch
        {
            (not 0, _, _) => byRank,
            (_, Truth l, Truth r) => l.Holds.CompareTo(r.Holds),
            _ => Order(left, right) ?? 0,
        };
    }

    private static int Rank(Value value) =>
        value switch
        {
            Number => 0,
            Text => 1,
            _ => 2,
        };

    private static int? Order(Value left, Value right) =>
        (left, right) switch
        {
            (Number l, Number r) => Exact.Compare(l.Amount, r.Amount),
            (Text l, Text r) => string.CompareOrdinal(l.Content, r.Content),
            (Span l, Span r) => Exact.Compare(l.Milliseconds, r.Milliseconds),
            (Instant l, Instant r) => Exact.Compare(l.Milliseconds, r.Milliseconds),
            _ => null,
        };

    private static bool Holds(Relation relation, int order) =>
        relation switch
        {
            Relation.Equal => order == 0,
            Relation.NotEqual => order != 0,
            Relation.Less => order < 0,
            Relation.LessOrEqual => order <= 0,
            Relation.Greater => order > 0,
            _ => order >= 0,
        };
}
