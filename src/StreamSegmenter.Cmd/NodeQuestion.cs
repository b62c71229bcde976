using System.CommandLine;
using System.Text.Json.Nodes;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd;

/// <summary>The options of a command that asks a running node about a customer.</summary>
internal sealed class NodeQuestion
{
    private readonly NodeApi _api = new();

    private readonly Option<string> _customer = new("--customer")
    {
        Description = "A customer of a running node, whose traits are asked for by its API.",
        HelpName = "ID",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_customer);
        _api.AddTo(command);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_customer) is not null;

    /// <summary>The node's answer; null, with the problem on standard error, if there is none.</summary>
    public async Task<JsonObject?> AskAsync(ParseResult arguments, ApiOptions options, CancellationToken stop)
    {
        string id = arguments.GetValue(_customer)!;
        string path = $"/v1/customers?id={Uri.EscapeDataString(id)}";
        string what = $"customer {id}";
        var answer = await _api.CallAsync(arguments, options, HttpMethod.Get, path, null, what, stop);
        if (answer is null || answer["traits"] is JsonObject)
        {
            return answer;
        }

        await arguments.InvocationConfiguration.Error.WriteLineAsync(
            $"the node says of {what}: no traits, for its shard is away"
        );
        return null;
    }
}
