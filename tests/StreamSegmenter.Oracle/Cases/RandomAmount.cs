namespace StreamSegmenter.Oracle.Cases;

/// <summary>Random values that are numbers or spans of time.</summary>
internal sealed class RandomAmount(RandomText text, RandomSource sources, bool full)
{
    public string Number(int depth)
    {
        if (depth > 1 && text.Next(3) == 0)
        {
            return $"({Number(depth - 1)} {text.Pick("+", "-", "*", "/")} {Number(depth - 1)})";
        }

        if (depth == 0 && text.Next(4) != 0)
        {
            return text.SmallNumber();
        }

        return full && text.Next(4) == 0 ? FullNumber() : BasicNumber();
    }

    public string Span(int depth)
    {
        if (depth == 0)
        {
            return text.Next(4) switch
            {
                0 => $"{text.Duration()} {text.Pick("+", "-")} {text.Duration()}",
                1 => $"{text.Factor()} * {text.Duration()}",
                _ => text.Duration(),
            };
        }

        var since = full && text.Next(2) == 0 ? "since_first" : "since";
        var span = $"{since}({sources.Source()}{sources.Window()})";
        return text.Next(6) switch
        {
            0 => $"{span} {text.Pick("*", "/")} {text.Factor()}",
            1 => $"({span} - {Span(0)})",
            2 when full => $"(2 * {span} - since({sources.Source()}))",
            _ => span,
        };
    }

    private string BasicNumber() =>
        text.Next(9) switch
        {
            0 or 1 or 2 => $"count({sources.Source()}{sources.Window()})",
            3 => $"sum(purchase.amount{sources.Where()}{sources.Window()})",
            4 =>
                $"{text.Pick("avg", "min", "max", "sum")}({sources.Event()}.amount{sources.Where()}{sources.Window()})",
            5 => $"distinct({sources.Event()}.{text.Pick("category", "amount", "@type", "vip")}{sources.Window()})",
            6 => "profile.age",
            7 => $"{text.Factor()} * sum(purchase.amount{sources.Window()})",
            _ => $"-count({sources.Source()}{sources.Window()})",
        };

    private string FullNumber() =>
        text.Next(6) switch
        {
            0 or 1 => $"days({sources.Source()}{sources.Window()})",
            2 => $"{text.Pick("count", "sum", "max")}(purchase.items[].price{sources.Where()}{sources.Window()})",
            3 => $"distinct(any.items[].sku{sources.Window()})",
            4 => $"(since({sources.Source()}) / {text.Duration()})",
            _ => $"last(purchase.amount{sources.Where()}{sources.Window()})",
        };
}
