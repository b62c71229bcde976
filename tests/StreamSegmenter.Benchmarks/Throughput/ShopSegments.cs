using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>Ten segments: the six of <c>hocon/segments</c> as they are shipped, and four of other kinds.</summary>
internal static class ShopSegments
{
    /// <summary>In the order of their bits in <see cref="Shopper.Memberships"/>.</summary>
    public static IReadOnlyList<SegmentDefinition> Definitions { get; } =
    [
        Define(
            "abandoned-cart",
            """
            exists("Product Added", 7d)
            and since("Product Added") >= 1h
            and count("Order Completed", after last("Product Added")) = 0
            """,
            cooldownDays: 3
        ),
        Define(
            "at-risk-vip",
            """
            count("Support Contacted", 30d) >= 3
            and sum("Order Completed".revenue, 365d) > 1M
            """,
            cooldownDays: 7
        ),
        Define("first-purchase", """count("Order Completed") = 1"""),
        Define("lapsed", "since(any) >= 30d", cooldownDays: 30),
        Define(
            "premium-shopper",
            """
            sum("Order Completed".revenue, 30d) > 500
            and count("Product Viewed", 30d) >= 3
            """,
            cooldownDays: 30
        ),
        Define(
            "viewed-not-bought",
            """
            exists("Product Viewed", 7d)
            and since("Product Viewed") >= 1d
            and not exists("Order Completed", 7d)
            and not in("abandoned-cart")
            """,
            cooldownDays: 7
        ),
        Define("explorer", """distinct("Product Viewed".category, 30d) >= 5"""),
        Define("loyal", """days("Order Completed", 90d) >= 3"""),
        Define("business-in-need", """profile.plan = "business" and count("Support Contacted", 30d) >= 1"""),
        Define("busy", "count(any, 1h) >= 15"),
    ];

    // Those that look back without end, or for a year, with an end after at most 30 days.
    private static readonly Dictionary<string, string> Bounded = new(StringComparer.Ordinal)
    {
        ["abandoned-cart"] = """since("Product Added", 7d) >= 1h and not exists("Order Completed", 1h)""",
        ["at-risk-vip"] = """count("Support Contacted", 30d) >= 3 and sum("Order Completed".revenue, 30d) > 1M""",
        ["first-purchase"] = """count("Order Completed", 30d) = 1""",
        ["loyal"] = """days("Order Completed", 30d) >= 3""",
        ["lapsed"] = "since(any, 30d) >= 20d",
        ["viewed-not-bought"] = """
            since("Product Viewed", 7d) >= 1d
            and not exists("Order Completed", 7d)
            and not in("abandoned-cart")
            """,
    };

    public static RuleSet Compile() => Compile(Definitions);

    /// <summary>
    /// The same with nothing kept for ever. Such a shard's memory stops growing, which is when it should stop
    /// allocating.
    /// </summary>
    public static RuleSet CompileBounded() =>
        Compile([
            .. Definitions.Select(definition =>
                definition with
                {
                    Rule = Bounded.GetValueOrDefault(definition.Name.Value, definition.Rule),
                }
            ),
        ]);

    private static RuleSet Compile(IReadOnlyList<SegmentDefinition> definitions) =>
        RuleSet.Compile(definitions, RuleSetOptions.Default) switch
        {
            RuleSetResult.Compiled compiled => compiled.Rules,
            RuleSetResult.Refused refused => throw new InvalidOperationException(string.Join("; ", refused.Errors)),
            var other => throw new InvalidOperationException(other.ToString()),
        };

    private static SegmentDefinition Define(string name, string rule, int cooldownDays = 0) =>
        new(new(name), "", rule, TimeSpan.FromDays(cooldownDays));
}
