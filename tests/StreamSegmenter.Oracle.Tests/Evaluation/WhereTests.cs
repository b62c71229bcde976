namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class WhereTests
{
    private static readonly string[] Log =
    [
        Identify(90, "\"plan\":\"pro\",\"limit\":40"),
        Track(
            100,
            "order",
            """
            "total":50,"profile":1,"products":[{"category":"shoes","price":20,"tags":["a"]},
                {"category":"hats","price":90}],
            "codes":[1,2],"gift":true
            """
        ),
        Of("page", 110, ",\"properties\":{\"category\":\"product\"},\"context\":{\"page\":{\"path\":\"/x\"}}"),
        Of("group", 120, ",\"traits\":{\"name\":\"acme\"},\"properties\":{\"name\":\"other\"}"),
        Of("alias", 130, ",\"previousId\":\"old\",\"properties\":{\"why\":1}"),
        Of("screen", 140, ",\"properties\":{\"name\":\"home\"},\"event\":\"shown\""),
    ];

    [Theory]
    [InlineData("exists(order where total = 50)", true)]
    [InlineData("exists(order where total > 50 or gift)", true)]
    [InlineData("exists(order where not gift)", false)]
    [InlineData("exists(order.total where gift = true)", true)]
    [InlineData("exists(order where total > profile.limit and profile.plan = \"pro\")", true)]
    [InlineData("exists(order where profile = 1)", true)]
    [InlineData("exists(any where @type = \"page\" and @context.page.path = \"/x\")", true)]
    [InlineData("exists(page where @event is missing)", true)]
    [InlineData("exists(order where @event = \"order\" and @properties.total = 50)", true)]
    [InlineData("exists(screen where @event = \"shown\" and name = \"home\")", true)]
    [InlineData("exists(shown)", false)]
    [InlineData("exists(group where name = \"acme\")", true)]
    [InlineData("exists(identify where plan = \"pro\")", true)]
    [InlineData("exists(alias where why = 1 and @previousId = \"old\")", true)]
    [InlineData("exists(order where products[].price > 50)", true)]
    [InlineData("exists(order where products[].price > 90)", false)]
    [InlineData("exists(order where products[].category = \"shoes\" and products[].price > 50)", true)]
    [InlineData("exists(order where any(products, category = \"shoes\" and price > 50))", false)]
    [InlineData("exists(order where any(products, category = \"hats\" and price > 50))", true)]
    [InlineData("exists(order where any(products[], category = \"hats\" and price > 50))", true)]
    [InlineData(
        "exists(order where any(products, category = \"hats\" and @event = \"order\" and profile.limit < price))",
        true
    )]
    [InlineData("exists(order where not any(products, price > 90))", true)]
    [InlineData("exists(order where any(products, not (price > 20)))", true)]
    [InlineData("exists(order where any(products, tags contains \"a\"))", true)]
    [InlineData("exists(order where any(products, tags[] = \"a\" and price = 20))", true)]
    [InlineData("exists(order where any(products, total = 50))", false)]
    [InlineData("exists(order where any(total, price is missing))", false)]
    [InlineData("exists(order where any(codes, price is missing))", true)]
    [InlineData("exists(order where any(nowhere, price is missing))", false)]
    [InlineData("exists(order where codes contains 2 and codes[] = 1)", true)]
    [InlineData("exists(order where products.price = 20)", false)]
    [InlineData("exists(order where total / 2 + 1 = 26)", true)]
    [InlineData("count(any where @type in (\"page\", \"screen\")) = 2", true)]
    [InlineData("count(order where total = 50, 20ms) = 0", true)]
    public void It_is_true_or_false(string rule, bool expected) => Story.Rule(rule).Given(Log).Holds(expected);

    [Fact]
    public void A_trait_inside_where_is_the_current_one() =>
        Story
            .Rule("exists(order where plan = profile.plan)")
            .Given(
                Track(100, "order", "\"plan\":\"pro\""),
                Identify(110, "\"plan\":\"pro\""),
                Identify(120, "\"plan\":\"free\"")
            )
            .Makes("110 +s event", "120 -s event");
}
