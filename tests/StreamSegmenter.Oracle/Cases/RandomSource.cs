namespace StreamSegmenter.Oracle.Cases;

/// <summary>Random sources, their where conditions, and windows.</summary>
internal sealed class RandomSource(RandomText text, bool full)
{
    public string Event() => text.Pick("purchase", "purchase", "page", "login", "\"Product Added\"", "any", "identify");

    public string Source()
    {
        var path = text.Next(6) == 0 ? text.Pick(".amount", ".category", ".@messageId", ".vip") : "";
        return Event() + path + Where();
    }

    /// <summary>A source without a path.</summary>
    public string BareSource() => Event() + Where();

    /// <summary>A step of a sequence: the frequent events, mostly without a condition.</summary>
    public string Step() =>
        text.Pick("purchase", "purchase", "page", "login", "identify", "any") + (text.Next(4) == 0 ? Where() : "");

    public string Where() =>
        text.Next(3) switch
        {
            0 when text.Next(3) == 0 => $" where {Predicate()} {text.Pick("and", "or")} {Predicate()}",
            0 => $" where {Predicate()}",
            _ => "",
        };

    /// <summary>A window with the comma before it, or nothing.</summary>
    public string Window() =>
        text.Next(full ? 10 : 8) switch
        {
            0 or 1 or 2 => $", {text.Duration()}",
            3 => $", {text.Duration()} offset {text.Duration()}",
            4 => $", after {text.Pick("last", "first")}({Event()}{Where()})",
            5 => ", ever",
            6 => $", {text.Duration()}",
            7 => "",
            _ => $", this {text.Pick("day", "week", "month", "year")}",
        };

    private string Predicate() => full && text.Next(2) == 0 ? FullPredicate() : BasicPredicate();

    private string BasicPredicate() =>
        text.Pick(
            $"amount {text.Relation()} {text.SmallNumber()}",
            $"amount {text.Pick("+", "-", "*", "/")} {text.Factor()} {text.Relation()} {text.SmallNumber()}",
            $"category = {text.CategoryLiteral()}",
            $"category {text.Relation()} {text.CategoryLiteral()}",
            $"category in ({text.CategoryLiteral()}, {text.CategoryLiteral()})",
            $"category not in [{text.CategoryLiteral()}, 3]",
            "not vip",
            "vip = true",
            $"profile.plan = {text.PlanLiteral()}",
            $"amount > profile.age",
            $"not (amount {text.Relation()} {text.SmallNumber()})",
            "@type = \"track\"",
            "@event = \"purchase\"",
            "@context.locale = \"de\""
        );

    private string FullPredicate() =>
        text.Pick(
            $"items[].price {text.Relation()} {text.SmallNumber()}",
            $"any(items, sku = \"a\" and price {text.Relation()} {text.SmallNumber()})",
            $"not any(items, price {text.Relation()} {text.SmallNumber()} or sku != \"b\")",
            $"any(items[], sku != \"c\" and price {text.Relation()} {text.SmallNumber()})",
            "items[].sku in (\"a\", \"c\")",
            "items[].sku not in (\"a\")",
            "items[].sku is missing",
            "labels contains \"x\"",
            "labels[] starts with \"y\"",
            "category contains \"o\"",
            "category matches \"^[a-m]\"",
            "category ends with \"s\"",
            "amount is missing",
            "category is present",
            "plan = \"pro\""
        );
}
