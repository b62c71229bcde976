using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Nodes;

/// <summary>The options of a command that asks a running node about a customer.</summary>
internal sealed class NodeQuestion
{
    private readonly NodeOptions _node = new();

    private readonly Option<string> _customer = new("--customer")
    {
        Description = "A customer of a running node, whose traits are asked for by its API.",
        HelpName = "ID",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_customer);
        _node.AddTo(command);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_customer) is not null;

    /// <summary>The node's answer.</summary>
    /// <exception cref="NodeApiException">It refused, could not be reached, or does not know the traits.</exception>
    public async Task<JsonObject> AskAsync(ParseResult arguments, ApiOptions options, CancellationToken stop)
    {
        string id = arguments.GetValue(_customer)!;
        using NodeApi api = _node.Connect(arguments, options);
        string path = $"/v1/customers?id={Uri.EscapeDataString(id)}";
        JsonElement answer;
        try
        {
            answer = await api.AskAsync(HttpMethod.Get, path, body: null, stop);
        }
        catch (NodeApiException refusal)
        {
            throw new NodeApiException($"customer {id}: {refusal.Message}");
        }

        return JsonObject.Create(answer) is { } customer && customer["traits"] is JsonObject
            ? customer
            : throw new NodeApiException($"customer {id}: the node knows no traits, for its shard is away");
    }
}
