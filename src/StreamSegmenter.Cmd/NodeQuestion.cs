using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd;

/// <summary>The options of a command that asks a running node about a customer.</summary>
internal sealed class NodeQuestion
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Option<string> _customer = new("--customer")
    {
        Description = "A customer of a running node, whose traits are asked for by its API.",
        HelpName = "ID",
    };

    private readonly Option<string> _api = new("--api")
    {
        Description = "Where that node answers. Default: the configuration's api.advertise, else api.listen.",
        HelpName = "URL",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_customer);
        command.Options.Add(_api);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_customer) is not null;

    /// <summary>The node's answer; null, with the problem on standard error, if there is none.</summary>
    public async Task<JsonObject?> AskAsync(ParseResult arguments, ApiOptions options, CancellationToken stop)
    {
        var error = arguments.InvocationConfiguration.Error;
        var settings = options.ToSettings();
        string address = arguments.GetValue(_api) ?? settings.Advertise?.ToString() ?? $"http://{settings.Listen}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https"))
        {
            await error.WriteLineAsync($"--api {address}: write an address such as http://127.0.0.1:8081");
            return null;
        }

        string id = arguments.GetValue(_customer)!;
        using var client = new HttpClient { Timeout = Limit };
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(node, $"/v1/customers?id={Uri.EscapeDataString(id)}")
        );
        request.Headers.Authorization = settings.Secret is { } secret
            ? new AuthenticationHeaderValue("Bearer", secret)
            : null;
        try
        {
            using var response = await client.SendAsync(request, stop);
            string body = await response.Content.ReadAsStringAsync(stop);
            var answer = response.IsSuccessStatusCode ? JsonNode.Parse(body) as JsonObject : null;
            if (answer?["traits"] is JsonObject)
            {
                return answer;
            }

            string reason = answer is null ? $"HTTP {(int)response.StatusCode}" : "no traits, for its shard is away";
            await error.WriteLineAsync($"{node} says of customer {id}: {reason}");
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or TaskCanceledException)
        {
            await error.WriteLineAsync($"{node}: {problem.Message}");
        }

        return null;
    }
}
