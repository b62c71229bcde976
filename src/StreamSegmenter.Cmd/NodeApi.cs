using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd;

/// <summary>The option by which a command finds a running node, and calls of that node's API.</summary>
internal sealed class NodeApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Option<string> _api = new("--api")
    {
        Description = "Where a node answers. Default: the configuration's api.advertise, else api.listen.",
        HelpName = "URL",
    };

    public void AddTo(Command command) => command.Options.Add(_api);

    /// <summary>The node's answer; null, with the problem on standard error, if there is none.</summary>
    /// <param name="what">What the call is about, for people.</param>
    public async Task<JsonObject?> CallAsync(
        ParseResult arguments,
        ApiOptions options,
        HttpMethod method,
        string path,
        JsonObject? body,
        string what,
        CancellationToken stop
    )
    {
        var error = arguments.InvocationConfiguration.Error;
        var settings = options.ToSettings();
        string address = arguments.GetValue(_api) ?? settings.Advertise?.ToString() ?? $"http://{settings.Listen}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https"))
        {
            await error.WriteLineAsync($"--api {address}: write an address such as http://127.0.0.1:8081");
            return null;
        }

        using var client = new HttpClient { Timeout = Limit };
        using var request = new HttpRequestMessage(method, new Uri(node, path));
        request.Headers.Authorization = settings.Secret is { } secret
            ? new AuthenticationHeaderValue("Bearer", secret)
            : null;
        request.Content = body is null
            ? null
            : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.SendAsync(request, stop);
            string text = await response.Content.ReadAsStringAsync(stop);
            if (response.IsSuccessStatusCode && JsonNode.Parse(text) is JsonObject answer)
            {
                return answer;
            }

            await error.WriteLineAsync($"{node} says of {what}: HTTP {(int)response.StatusCode}{ReasonIn(text)}");
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or TaskCanceledException)
        {
            await error.WriteLineAsync($"{node}: {problem.Message}");
        }

        return null;
    }

    private static string ReasonIn(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject said && said["error"] is JsonValue reason ? $", {reason}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
