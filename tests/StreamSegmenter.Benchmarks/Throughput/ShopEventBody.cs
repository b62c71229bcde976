using System.Globalization;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>What an event says beside who and when, in the words of the Segment Spec for shops.</summary>
internal sealed class ShopEventBody(Random random, bool fromBrowsers)
{
    private static readonly string[] Categories = ["shoes", "coats", "books", "garden", "toys", "kitchen", "sports"];
    private static readonly string[] Browsers =
    [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15",
    ];

    /// <summary>Members of the event's object, without braces.</summary>
    public string Write(int customer) =>
        random.Next(100) switch
        {
            < 38 => InContext(customer, Page()),
            < 70 => InContext(customer, Product("Product Viewed")),
            < 80 => InContext(customer, Product("Product Added")),
            < 84 => InContext(customer, Order(customer)),
            < 86 => InContext(customer, Support()),
            < 89 => InContext(customer, Traits(customer)),
            < 93 => InContext(customer, Product("Product Removed")),
            _ => InContext(customer, Search()),
        };

    private string InContext(int customer, string what) =>
        (fromBrowsers ? BrowserContext(customer) : ServerContext()) + what;

    // As analytics-node fills it in.
    private static string ServerContext() =>
        """
            "integrations":{},"context":{"library":{"name":"@segment/analytics-node","version":"2.3.0"}},
            """
        + """
            "_metadata":{"nodeVersion":"22.17.0","jsRuntime":"node"},
            """;

    // As analytics.js fills it in.
    private static string BrowserContext(int customer) =>
        $$"""
            "anonymousId":"{{customer:x8}}-1c3e-4b7a-9d52-0f6a8e21c744","integrations":{},"writeKey":"k3yOfTheShop",
            """
        + $$"""
            "context":{"ip":"198.51.100.{{customer % 250}}","locale":"en-GB","timezone":"Europe/Berlin",
            """
        + $$"""
            "userAgent":"{{Browsers[customer % 2]}}","userAgentData":{"brands":[{"brand":"Chromium","version":"138"},
            """
        + """
            {"brand":"Not)A;Brand","version":"8"}],"mobile":false,"platform":"Linux"},"page":{"path":"/catalogue",
            """
        + """
            "referrer":"https://search.example/","search":"?utm_source=newsletter","title":"The whole catalogue",
            """
        + """
            "url":"https://shop.example/catalogue?utm_source=newsletter"},"campaign":{"source":"newsletter",
            """
        + """
            "medium":"email","name":"spring"},"library":{"name":"analytics.js","version":"npm:next-1.81.0"}},
            """
        + """
            "sentAt":"2026-01-01T00:00:01.250Z","originalTimestamp":"2026-01-01T00:00:01.000Z",
            """;

    private string Page()
    {
        string category = Category();
        return $$"""
                "type":"page","name":"Catalogue","properties":{"path":"/{{category}}","title":"All {{category}}","tab":1,
                """
            + $$"""
                "url":"https://shop.example/{{category}}?page={{random.Next(9)}}","category":"{{category}}"}
                """;
    }

    private string Product(string name) =>
        $$"""
            "type":"track","event":"{{name}}","properties":{"product_id":"{{random.Next(100_000):D8}}",
            """
        + $$"""
            "sku":"S-{{random.Next(1000)}}","category":"{{Category()}}","price":{{Money(250)}},"quantity":1}
            """;

    // Every fiftieth customer is a company that orders for hundreds of thousands.
    private string Order(int customer) =>
        $$"""
            "type":"track","event":"Order Completed","properties":{"order_id":"{{random.Next(1 << 30):x8}}",
            """
        + $$"""
            "revenue":{{Money(customer % 50 == 0 ? 900_000 : 500)}},"shipping":4.9,"currency":"EUR"}
            """;

    private string Support() =>
        $$"""
            "type":"track","event":"Support Contacted","properties":{"topic":"delivery","ticket":{{random.Next(
                99_999
            )}},
            """
        + """
            "channel":"chat","satisfied":null}
            """;

    private static string Traits(int customer) =>
        $$"""
            "type":"identify","traits":{"name":"Customer {{customer}}","email":"c{{customer}}@mail.example",
            """
        + $$"""
            "plan":"{{(customer % 10 == 0 ? "business" : "personal")}}","newsletter":true}
            """;

    private string Search() =>
        $$"""
            "type":"track","event":"Products Searched","properties":{"query":"{{Category()}} {{random.Next(
                99
            )}}","hits":7}
            """;

    private string Category() => Categories[random.Next(Categories.Length)];

    private string Money(int most) =>
        (random.Next(100, most * 100) / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
