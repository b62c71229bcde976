namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>The types that an expression may have when the rule runs, as far as its text tells.</summary>
[Flags]
internal enum ValueTypes
{
    None = 0,
    Number = 1,
    String = 2,
    Boolean = 4,
    Time = 8,
    Duration = 16,
    List = 32,

    Scalar = Number | String | Boolean,

    /// <summary>What an event's property or a trait may hold.</summary>
    Json = Scalar | List,

    Quantity = Number | Time | Duration,
    Ordered = Quantity | String,
}

internal static class ValueTypesText
{
    private static readonly (ValueTypes Type, string Name)[] Names =
    [
        (ValueTypes.Number, "a number"),
        (ValueTypes.String, "a string"),
        (ValueTypes.Boolean, "a condition"),
        (ValueTypes.Time, "a time"),
        (ValueTypes.Duration, "a duration"),
        (ValueTypes.List, "a list"),
    ];

    public static string Describe(this ValueTypes types) =>
        types == ValueTypes.None
            ? "nothing"
            : string.Join(" or ", Names.Where(name => types.HasFlag(name.Type)).Select(name => name.Name));
}
