namespace StreamSegmenter.Oracle.Cases;

/// <summary>What random events say: mostly what rules expect, sometimes another type, null or nothing.</summary>
internal sealed class RandomPayload(Random random)
{
    public static string Garbage(Random random, string time)
    {
        string[] lines =
        [
            "{\"type\":\"track\",",
            "[]",
            $"{{\"type\":\"track\",\"event\":\"purchase\",\"timestamp\":{time}}}",
            $"{{\"type\":\"track\",\"event\":\"purchase\",\"userId\":7,\"timestamp\":{time}}}",
            $"{{\"type\":\"track\",\"userId\":\"c1\",\"timestamp\":{time}}}",
            $"{{\"type\":\"buy\",\"event\":\"purchase\",\"userId\":\"c1\",\"timestamp\":{time}}}",
            "{\"type\":\"track\",\"event\":\"purchase\",\"userId\":\"c1\"}",
            "{\"type\":\"track\",\"event\":\"purchase\",\"userId\":\"c1\",\"timestamp\":\"yesterday\"}",
            $"{{\"type\":\"track\",\"event\":\"purchase\",\"userId\":\"c1\",\"properties\":[1],\"timestamp\":{time}}}",
        ];
        return lines[random.Next(lines.Length)];
    }

    /// <summary>Type, name, properties or traits, and context: the inside of an object without its braces.</summary>
    public string Body() =>
        random.Next(12) switch
        {
            0 or 1 => $"\"type\":\"identify\",\"traits\":{{{Traits()}}}",
            2 or 3 => $"\"type\":\"page\",\"properties\":{{{Properties()}}}",
            4 => $"\"type\":\"track\",\"event\":\"Product Added\",\"properties\":{{{Properties()}}},{Context()}",
            5 => $"\"type\":\"track\",\"event\":\"login\",{Context()}",
            6 => $"\"type\":\"{Pick("screen", "group", "alias")}\"",
            7 when random.Next(3) == 0 =>
                $"\"type\":\"track\",\"event\":\"Consent Updated\",\"properties\":{{{Consent()}}}",
            _ => $"\"type\":\"track\",\"event\":\"purchase\",\"properties\":{{{Properties()}}}",
        };

    private string Context() => $"\"context\":{{\"locale\":{Pick("\"de\"", "\"en\"", "null")}}}";

    private string Properties() =>
        Some(
            $"\"amount\":{Amount()}",
            $"\"category\":{Category()}",
            $"\"vip\":{Pick("true", "false", "\"true\"", "null")}",
            $"\"items\":{Items()}",
            $"\"labels\":{Pick("[\"x\",\"y1\"]", "[\"y2\",null,3]", "[]", "\"x\"")}"
        );

    private string Traits() =>
        Some(
            $"\"plan\":{Pick("\"free\"", "\"pro\"", "\"\"", "null", "7")}",
            $"\"age\":{Pick("0", "2", "20.5", "\"20\"", "null")}",
            $"\"vip\":{Pick("true", "false", "null")}",
            $"\"tags\":{Pick("[\"a\"]", "[\"a\",\"b\"]", "[\"c\",1]", "[]", "null")}",
            $"\"address\":{Pick("{\"city\":\"Berlin\"}", "{\"city\":null}", "{}", "null")}",
            $"\"consent\":{Pick("{\"email\":true}", "{\"email\":{\"*\":false,\"a\":true}}", "{\"sms\":true}", "null")}"
        );

    private string Consent() =>
        Some(
            $"\"channel\":{Pick("\"email\"", "\"email\"", "\"sms\"", "7")}",
            $"\"purpose\":{Pick("\"a\"", "\"*\"", "\"\"", "null")}",
            $"\"granted\":{Pick("true", "false", "null", "\"yes\"")}"
        );

    private string Amount() =>
        random.Next(10) == 0
            ? Pick("\"100\"", "null", "true", "[1]")
            : Pick("1", "2", "3", "10", "10.0", "20.5", "99.99", "100", "-5", "0.1", "0.2", "1e2", "0.30", "0");

    private string Category() =>
        random.Next(10) == 0 ? Pick("3", "null", "false", "{}") : Pick("\"shoes\"", "\"hats\"", "\"Zed\"", "\"hat\"");

    private string Items()
    {
        var items = new List<string>();
        for (var count = random.Next(4); count > 0; count--)
        {
            items.Add($"{{{Some($"\"sku\":{Pick("\"a\"", "\"b\"", "\"c\"")}", $"\"price\":{Amount()}")}}}");
        }

        return random.Next(12) == 0 ? Pick("null", "3", "{\"price\":3}") : $"[{string.Join(',', items)}]";
    }

    private string Some(params string[] fields) => string.Join(',', fields.Where(_ => random.Next(4) != 0));

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
