using System.CommandLine;
using System.Text.Json.Nodes;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Suppressions;

/// <summary><c>segctl suppressions</c>: the addresses that nothing is sent to, by a running node's API.</summary>
internal sealed class SuppressionsCommand
{
    private const string Path = "/v1/suppressions";

    private readonly ConfigurationOptions _configuration = new();
    private readonly NodeApi _api = new();

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
        AddCommonTo(command);
        command.SetAction((arguments, stop) => RunAsync(arguments, ListAsync, stop));
        return command;
    }

    private Command CreateAdd()
    {
        var command = new Command("add", "Add an address.") { _address, _channel, _reason };
        AddCommonTo(command);
        command.SetAction((arguments, stop) => RunAsync(arguments, AddAsync, stop));
        return command;
    }

    private Command CreateRemove()
    {
        var command = new Command("remove", "Take an address off the list.") { _address, _channel };
        AddCommonTo(command);
        command.SetAction((arguments, stop) => RunAsync(arguments, RemoveAsync, stop));
        return command;
    }

    private void AddCommonTo(Command command)
    {
        _configuration.AddTo(command);
        _api.AddTo(command);
    }

    private async Task<int> RunAsync(
        ParseResult arguments,
        Func<ParseResult, ApiOptions, CancellationToken, Task<bool>> run,
        CancellationToken stop
    ) =>
        _configuration.Load(arguments, ConfigurationPurpose.Rules) is { } configuration
        && await run(arguments, configuration.Api, stop)
            ? ExitCodes.Success
            : ExitCodes.Refused;

    private async Task<bool> ListAsync(ParseResult arguments, ApiOptions api, CancellationToken stop)
    {
        string channel = arguments.GetRequiredValue(_channel);
        string after = "";
        while (true)
        {
            string path = $"{Path}?channel={Uri.EscapeDataString(channel)}&after={Uri.EscapeDataString(after)}";
            var page = await _api.CallAsync(arguments, api, HttpMethod.Get, path, null, $"channel {channel}", stop);
            if (page is null)
            {
                return false;
            }

            foreach (var item in page["suppressions"]!.AsArray().OfType<JsonObject>())
            {
                after = (string)item["address"]!;
                await arguments.InvocationConfiguration.Output.WriteLineAsync(
                    $"{after}  {item["since"]}  {item["source"]}  {item["reason"]}".TrimEnd()
                );
            }

            if (!(bool)page["more"]!)
            {
                return true;
            }
        }
    }

    private async Task<bool> AddAsync(ParseResult arguments, ApiOptions api, CancellationToken stop)
    {
        string address = arguments.GetRequiredValue(_address);
        var body = new JsonObject
        {
            ["channel"] = arguments.GetRequiredValue(_channel),
            ["address"] = address,
            ["reason"] = arguments.GetValue(_reason),
            ["source"] = "segctl",
        };
        var answer = await _api.CallAsync(arguments, api, HttpMethod.Put, Path, body, address, stop);
        return await TellAsync(arguments, answer, "added", "is on the list already");
    }

    private async Task<bool> RemoveAsync(ParseResult arguments, ApiOptions api, CancellationToken stop)
    {
        string address = arguments.GetRequiredValue(_address);
        string channel = Uri.EscapeDataString(arguments.GetRequiredValue(_channel));
        string path = $"{Path}?channel={channel}&address={Uri.EscapeDataString(address)}";
        var answer = await _api.CallAsync(arguments, api, HttpMethod.Delete, path, null, address, stop);
        return await TellAsync(arguments, answer, "removed", "was not on the list");
    }

    private static async Task<bool> TellAsync(ParseResult arguments, JsonObject? answer, string done, string idle)
    {
        if (answer is null)
        {
            return false;
        }

        string what = (bool)answer[done]! ? done : idle;
        await arguments.InvocationConfiguration.Output.WriteLineAsync($"{answer["address"]} {what}");
        return true;
    }
}
