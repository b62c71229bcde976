using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Conformance.Connectors;

/// <summary>Pushes as the engine writes them.</summary>
public static class Pushes
{
    public const string Id = "0123456789abcdef0123456789abcdef";

    public static Push Create(string? profile = null, string? options = null, string? evt = null, string id = Id) =>
        Of(Content(profile, options, evt), id);

    public static Push Of(string content, string id = Id) =>
        new(new PushId(id), new ConnectorName("c"), new CustomerId("u1"), 0, Encoding.UTF8.GetBytes(content));

    /// <summary>A push whose customer has the given name, whatever is in it.</summary>
    public static Push Named(string name) =>
        Create(profile: new JsonObject { ["name"] = name, ["email"] = "ann@example.com" }.ToJsonString());

    public static string Content(string? profile = null, string? options = null, string? evt = null) =>
        $$"""
            { "customer": "u1",
              "transition": {
                "kind": "entered", "at": "2020-01-31T12:00:00.000Z", "cause": "event", "number": 1, "messageId": "m1"
              },
              "segment": { "name": "at-risk-vip", "description": "Spends much, complains much" },
              "profile": {{profile ?? """{ "name": "Ann", "email": "ann@example.com", "spent": 1234.50 }"""}},
              "event": {{evt ?? "null"}},
              "options": {{options ?? "{}"}} }
            """;

    public static JsonElement Json(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
