namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>How many customers a shop has, and how much its events say that no rule reads.</summary>
internal sealed record ShopShape(string Senders, int Customers, bool FromBrowsers, int TypicalEventBytes)
{
    /// <summary>Events as browsers send them, with everything that analytics.js adds.</summary>
    public static ShopShape Browsers { get; } = new("browsers", 10_000, FromBrowsers: true, 1_300);

    /// <summary>Events as servers send them: less than half as long, and of more customers.</summary>
    public static ShopShape Servers { get; } = new("servers", 30_000, FromBrowsers: false, 600);

    /// <summary>As <see cref="Servers"/>, of so few customers that months go by quickly.</summary>
    public static ShopShape Regulars { get; } = Servers with { Customers = 2_000 };
}
