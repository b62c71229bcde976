using System.Text.Json;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>What the hand-written rules read of an event, in one pass with <see cref="Utf8JsonReader"/>.</summary>
internal readonly record struct ShopReading(string Name, long At, decimal? Revenue, string? Category, string? Plan)
{
    public static ShopReading Of(ReadOnlySpan<byte> json)
    {
        string type = "";
        string? name = null;
        string? category = null;
        string? plan = null;
        decimal? revenue = null;
        long at = 0;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
            {
                continue;
            }

            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = Known(ref reader, "page") ?? Known(ref reader, "identify") ?? "track";
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                name = Event(ref reader);
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                at = new DateTimeOffset(reader.GetDateTime()).ToUnixTimeMilliseconds();
            }
            else if (reader.ValueTextEquals("revenue"u8))
            {
                reader.Read();
                revenue = reader.GetDecimal();
            }
            else if (reader.ValueTextEquals("category"u8))
            {
                reader.Read();
                category = reader.GetString();
            }
            else if (reader.ValueTextEquals("plan"u8))
            {
                reader.Read();
                plan = reader.GetString();
            }
            else if (reader.ValueTextEquals("context"u8))
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new(name ?? type, at, revenue, category, plan);
    }

    private static string? Event(ref Utf8JsonReader reader) =>
        Known(ref reader, "Product Viewed")
        ?? Known(ref reader, "Product Added")
        ?? Known(ref reader, "Order Completed")
        ?? Known(ref reader, "Support Contacted")
        ?? "other";

    private static string? Known(ref Utf8JsonReader reader, string word) => reader.ValueTextEquals(word) ? word : null;
}
