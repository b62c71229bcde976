namespace StreamSegmenter.Oracle.Tests.Language;

/// <summary>The rules that the language's definition promises to work as written.</summary>
public sealed class ExampleRulesTests
{
    [Theory]
    [InlineData("count(support_contact, 30d) >= 3 and sum(purchase.amount, 365d) > 1M")]
    [InlineData("""sum(purchase.amount, 30d) > 500 and count(page where category = "product", 30d) >= 3""")]
    [InlineData(
        "exists(added_to_cart) and since(added_to_cart) >= 1h and count(purchase, after last(added_to_cart)) = 0"
    )]
    [InlineData("since_first(payment_error, after last(purchase)) >= 15m")]
    [InlineData("days(purchase, 90d) >= 3")]
    [InlineData("distinct(any.@event, 1d) >= 8")]
    [InlineData("sequence(product_view then add_to_cart then purchase total 30m, 7d)")]
    [InlineData("""exists("Product Viewed" where sku = "X", 30d) and not exists(purchase, 30d)""")]
    [InlineData("since(any) > 30d")]
    [InlineData("""profile.status = "onboarding" for 7d""")]
    [InlineData("distinct(purchase.category, 90d) >= 4")]
    [InlineData("sum(purchase.amount, 30d) < 0.5 * sum(purchase.amount, 30d offset 30d)")]
    [InlineData("""score("affinity", "acme") > 0.8 or score("affinity", "zeta") > 0.8""")]
    [InlineData("rfm.recency >= 4 and rfm.monetary = 5")]
    [InlineData("""in("high-value") and sequence(added_to_cart then not purchase within 1h, 1d)""")]
    [InlineData("sequence(A then B within 1d then not C within 2h, 30d)")]
    [InlineData("""count("Product Added", 7d) > 0""")]
    [InlineData("""exists(order where any(products, category = "shoes" and price > 50))""")]
    public void It_loads(string rule) => OracleRun.Check(With(rule));

    [Theory]
    [InlineData("COUNT(a, 1D) > 0", false)]
    [InlineData("Count(a, 1d) > 0 AND NOT Exists(b WHERE x = TRUE, After LAST(c))", true)]
    [InlineData("count(a) > 1_000_000 # and what follows is a comment (", true)]
    [InlineData("count(a) > 1k # one\n or count(b) > 1M", true)]
    [InlineData("count(a, this MONTH) > 0", true)]
    [InlineData("count(page, ever) > 0", true)]
    [InlineData("not not exists(a)", true)]
    [InlineData("(count(a) + 1) * 2 > -3", true)]
    [InlineData("since(a) / 2 > 1h and since(a) / 1h > 2 and 2 * 1h < since(a) and last(a) - first(a) > 1h", true)]
    [InlineData("""profile.tags[] in ["a", 1, true] and profile.a.b not in ("x")""", true)]
    [InlineData("(profile.a = 1 for 1d) for 2d", true)]
    [InlineData("profile.vip", true)]
    [InlineData("exists(a) = true", true)]
    [InlineData("count(a where count > 3 and first = 1)", false)]
    [InlineData("exists(a where count > 3 and first = 1)", true)]
    public void Ways_of_writing(string rule, bool loads)
    {
        if (loads)
        {
            OracleRun.Check(With(rule));
        }
        else
        {
            Should.Throw<OracleLoadException>(() => OracleRun.Check(With(rule)));
        }
    }

    private static OracleConfig With(string rule) => new([new("s", rule), new("high-value", "exists(purchase)")]);
}
