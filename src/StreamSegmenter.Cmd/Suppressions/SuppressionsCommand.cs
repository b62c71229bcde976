using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Cmd.Nodes;

namespace StreamSegmenter.Cmd.Suppressions;

/// <summary><c>segctl suppressions</c>: the addresses that nothing is sent to, by a running node's API.</summary>
internal sealed class SuppressionsCommand
{
    private const string Path = "/v1/suppressions";

    private readonly NodeOptions _node = new();

    private readonly Option<string> _channel = new("--channel")
    {
        Description = "The channel that the addresses belong to.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "email",
    };

    private readonly Argument<string> _address = new("ADDRESS") { Description = "E.g. ann@example.com." };

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Why nothing is to be sent there, for people.",
        HelpName = "TEXT",
    };

    public static Command Create() =>
        new("suppressions", "Look after the addresses that nothing is sent to, at a running node.")
        {
            new SuppressionsCommand().CreateList(),
            new SuppressionsCommand().CreateAdd(),
            new SuppressionsCommand().CreateRemove(),
        };

    private Command CreateList()
    {
        var command = new Command("list", "List the addresses of a channel: since when, by whom, why.") { _channel };
        _node.AddTo(command);
        command.SetAction((arguments, stop) => _node.RunAsync(arguments, api => ListAsync(arguments, api, stop)));
        return command;
    }

    private Command CreateAdd()
    {
        var command = new Command("add", "Add an address.") { _address, _channel, _reason };
        _node.AddTo(command);
        command.SetAction((arguments, stop) => _node.RunAsync(arguments, api => AddAsync(arguments, api, stop)));
        return command;
    }

    private Command CreateRemove()
    {
        var command = new Command("remove", "Take an address off the list.") { _address, _channel };
        _node.AddTo(command);
        command.SetAction((arguments, stop) => _node.RunAsync(arguments, api => RemoveAsync(arguments, api, stop)));
        return command;
    }

    private async Task ListAsync(ParseResult arguments, NodeApi api, CancellationToken stop)
    {
        string channel = Uri.EscapeDataString(arguments.GetRequiredValue(_channel));
        string after = "";
        bool more = true;
        while (more)
        {
            string path = $"{Path}?channel={channel}&after={Uri.EscapeDataString(after)}";
            JsonElement page = await api.AskAsync(HttpMethod.Get, path, body: null, stop);
            foreach (JsonElement item in page.GetProperty("suppressions").EnumerateArray())
            {
                after = Text(item, "address");
                await arguments.InvocationConfiguration.Output.WriteLineAsync(
                    $"{after}  {Text(item, "since")}  {Text(item, "source")}  {Text(item, "reason")}".TrimEnd()
                );
            }

            more = page.GetProperty("more").GetBoolean();
        }
    }

    private async Task AddAsync(ParseResult arguments, NodeApi api, CancellationToken stop)
    {
        var suppression = new JsonObject
        {
            ["channel"] = arguments.GetRequiredValue(_channel),
            ["address"] = arguments.GetRequiredValue(_address),
            ["reason"] = arguments.GetValue(_reason),
            ["source"] = "segctl",
        };
        byte[] body = Encoding.UTF8.GetBytes(suppression.ToJsonString());
        JsonElement answer = await api.AskAsync(HttpMethod.Put, Path, body, stop);
        await TellAsync(arguments, answer, "added", "is on the list already");
    }

    private async Task RemoveAsync(ParseResult arguments, NodeApi api, CancellationToken stop)
    {
        string channel = Uri.EscapeDataString(arguments.GetRequiredValue(_channel));
        string path = $"{Path}?channel={channel}&address={Uri.EscapeDataString(arguments.GetRequiredValue(_address))}";
        JsonElement answer = await api.AskAsync(HttpMethod.Delete, path, body: null, stop);
        await TellAsync(arguments, answer, "removed", "was not on the list");
    }

    private static Task TellAsync(ParseResult arguments, JsonElement answer, string done, string idle)
    {
        string what = answer.GetProperty(done).GetBoolean() ? done : idle;
        return arguments.InvocationConfiguration.Output.WriteLineAsync($"{Text(answer, "address")} {what}");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
