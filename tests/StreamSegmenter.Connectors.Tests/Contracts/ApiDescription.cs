using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StreamSegmenter.Connectors.Tests.Contracts;

/// <summary>
/// Cuts an OpenAPI description down to what one operation may be asked: programs take minutes to read all of some.
/// </summary>
internal static partial class ApiDescription
{
    public static string Only(string description, string path, string method)
    {
        var root = JsonNode.Parse(description)!.AsObject();
        var item = root["paths"]![path]!.AsObject();
        KeepOnly(item, name => name == method || name == "parameters");
        item[method]!["responses"] = JsonNode.Parse("""{ "204": { "description": "taken" } }""");
        root["paths"] = new JsonObject { [path] = item.DeepClone() };

        var components = root["components"]!.AsObject();
        var needed = new HashSet<(string Kind, string Name)>();
        var unread = new Stack<string>([root["paths"]!.ToJsonString()]);
        while (unread.TryPop(out string? text))
        {
            foreach (Match reference in Reference().Matches(text))
            {
                var (kind, name) = (reference.Groups["kind"].Value, reference.Groups["name"].Value);
                if (needed.Add((kind, name)))
                {
                    unread.Push(components[kind]![name]!.ToJsonString());
                }
            }
        }

        foreach (var (kind, named) in components.Where(part => part.Key != "securitySchemes"))
        {
            KeepOnly(named!.AsObject(), name => needed.Contains((kind, name)));
        }

        return root.ToJsonString();
    }

    private static void KeepOnly(JsonObject members, Func<string, bool> isNeeded)
    {
        foreach (string name in members.Select(member => member.Key).Where(name => !isNeeded(name)).ToList())
        {
            members.Remove(name);
        }
    }

    [GeneratedRegex(
        "#/components/(?<kind>[^/\"]+)/(?<name>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Reference();
}
