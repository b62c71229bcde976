using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Cmd.Tests.Support;
using StreamSegmenter.Oracle;

namespace StreamSegmenter.Cmd.Tests.Simulate;

/// <summary>The real program over events of real people, against the slow and obvious way to work them out.</summary>
public sealed class SimulateAgainstOracleTests : IDisposable
{
    private static readonly string[] ShopRules =
    [
        "exists(add_to_cart) and since(add_to_cart) >= 1h and count(purchase, after last(add_to_cart)) = 0",
        "count(product_view where platform = \"mobile\", 2d) > 3 and not exists(purchase, 7d)",
        "distinct(any.@event, 1d) >= 8",
        "since(any) > 2d",
        "days(any, 14d) >= 2 for 12h",
        "mode(any.platform, 7d) = \"mobile\"",
    ];

    private static readonly string[] RetailRules =
    [
        "sum(\"Order Completed\".revenue, 2d) > 500 and count(\"Order Completed\", 2d) >= 2",
        "sum(\"Order Completed\".revenue, 3d) < 0.5 * sum(\"Order Completed\".revenue, 3d offset 3d)",
        "avg(\"Order Completed\".revenue, 7d) > 300",
        "min(\"Order Refunded\".revenue, 2d) < 0 - 100",
        "max(\"Order Completed\".quantity, 1d) >= 100",
        "since(any) > 3d and not (last(\"Order Refunded\".quantity) < 0)",
        "days(\"Order Completed\", this month) >= 3",
        "distinct(\"Order Completed\".order_id, 5d) >= 5",
    ];

    private static readonly string[] FineRules =
    [
        "sequence(\"Create Fine\" then not Payment then \"Send for Credit Collection\")",
        "sequence(\"Send Fine\" then not Payment within 90d, 365d)",
        "sequence(\"Insert Fine Notification\" then \"Add penalty\" within 60d then Payment total 400d)",
        "exists(Payment) and since(Payment) >= 30d and last(Payment) > last(\"Add penalty\")",
        "since_first(\"Create Fine\", after last(Payment)) >= 180d or since(any) > 2 * since(\"Add penalty\")",
        "last(any.@event) = \"Send Fine\" for 10d",
        "days(any, this year) >= 4",
        "not exists(Payment) and count(any, 365d) > count(any, 365d offset 365d)",
    ];

    private static readonly string[] BillingRules =
    [
        "sequence(NEW then FIN then RELEASE then \"CODE OK\" then BILLED total 200d)",
        "sequence(BILLED then not STORNO within 30d, 120d)",
        "exists(REJECT, 90d) or exists(\"CODE NOK\", 90d)",
        "sequence(REOPEN then not DELETE within 7d then BILLED)",
        "mode(any.@event, 365d) = \"CHANGE DIAGN\"",
        "distinct(any.@event) >= 7 for 1d",
        "exists(NEW) and not exists(BILLED) and since(NEW) > 100d",
    ];

    private static readonly string[] GroceryRules =
    [
        "sum(\"Product Purchased\".revenue, 7d) > 15",
        "sum(\"Product Purchased\".revenue, this month) >= 30 and days(\"Product Purchased\", this month) >= 2",
        "avg(\"Product Purchased\".revenue, 30d) > avg(\"Product Purchased\".revenue, 30d offset 30d)",
        "max(\"Product Purchased\".revenue, 14d) >= 10 and min(\"Product Purchased\".revenue, 14d) < 1",
        "distinct(\"Product Purchased\".order_id, 14d) >= 3 for 2d",
        "mode(\"Product Purchased\".product_id, 90d) = first(\"Product Purchased\".product_id, 90d)",
        "count(\"Product Purchased\" where revenue < 1, after last(\"Product Purchased\" where revenue > 3)) >= 2",
        "since(any) > 5d and exists(\"Product Purchased\", this month)",
    ];

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public Task Visitors_of_a_shop_out_of_order_and_with_duplicates() =>
        CompareAsync("ecom_disordered_dup.ndjson", ShopRules);

    [Fact]
    public Task Orders_and_refunds_of_a_retailer() => CompareAsync("online_retail.ndjson", RetailRules);

    [Fact]
    public Task Traffic_fines_from_creation_to_collection() => CompareAsync("traffic_fines.ndjson", FineRules);

    [Fact]
    public Task Bills_of_a_hospital() => CompareAsync("hospital_billing.ndjson", BillingRules);

    [Fact]
    public Task Groceries_of_households_over_a_year() => CompareAsync("completejourney.ndjson", GroceryRules);

    private async Task CompareAsync(string file, string[] rules)
    {
        string events = Path.Combine(AppContext.BaseDirectory, "TestData", "events", file);
        OracleSegment[] segments = [.. rules.Select((rule, i) => new OracleSegment($"s{i}", rule))];
        string[] lines = await File.ReadAllLinesAsync(events);
        var until = new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var expected = OracleRun.Simulate(new(segments), lines, until);

        var answer = await SegctlRun.ProcessAsync(
            default,
            "simulate",
            "--config",
            _workplace.Write("demo.conf", Config(segments)),
            "--events",
            events,
            "--until",
            "2024-03-01"
        );

        answer.Error.ShouldBeEmpty();
        answer.ExitCode.ShouldBe(0);
        expected.DeadLetters.ShouldBeEmpty();
        answer.OutputLines.ShouldBe(expected.Transitions.Select(Line));
        segments.ShouldAllBe(
            segment => expected.Transitions.Any(t => t.Segment == segment.Name),
            "a rule that nobody ever meets tests nothing"
        );
    }

    private static string Config(OracleSegment[] segments)
    {
        var config = new StringBuilder();
        foreach (var (name, rule) in segments)
        {
            config
                .Append("segments.")
                .Append(name)
                .Append(" { rule = ")
                .Append(JsonSerializer.Serialize(rule))
                .Append(" }\n");
        }

        return config.ToString();
    }

    private static string Line(OracleTransition t) =>
        TransitionLine.Of(
            DateTimeOffset
                .FromUnixTimeMilliseconds(t.At)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            t.Customer,
            t.Segment,
            t.Entered ? "entered" : "exited",
            t.Cause
        );
}
