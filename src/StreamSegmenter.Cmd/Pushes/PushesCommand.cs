using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Cmd.Nodes;

namespace StreamSegmenter.Cmd.Pushes;

/// <summary>
/// <c>segctl pushes</c>: looks at pushes, and says what to do about those that came to no good end. It talks to a node,
/// which knows its relays.
/// </summary>
internal sealed class PushesCommand
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions s_compact = new();

    private readonly NodeOptions _node = new();
    private readonly PushOptions _listed = new(
        "pending",
        "delivered",
        "dropped",
        "merged",
        "dead",
        "unknown",
        "held",
        "discarded"
    );
    private readonly PushOptions _replayed = new("dead", "unknown", "held");
    private readonly PushOptions _discarded = new("dead", "unknown", "held", "pending");

    private readonly Option<bool> _json = new("--json") { Description = "Print what the node answers, as JSON." };

    private readonly Option<string?> _after = new("--after")
    {
        Description = "Go on where a list ended.",
        HelpName = "PLACE",
    };

    private readonly Option<string?> _options = new("--options")
    {
        Description = "A JSON object: these options are set, those that are null there removed, the others stay.",
        HelpName = "JSON",
    };

    private readonly Option<FileInfo?> _content = new("--content")
    {
        Description = "A file with the new content of the push: the value of `content` in what show prints.",
        HelpName = "FILE",
    };

    private readonly Argument<string> _id = new("ID") { Description = "The push's id." };

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids of pushes; without any, those that the options name.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private PushesCommand()
    {
        _id.Validators.Add(RefuseEmpty);
        _ids.Validators.Add(RefuseEmpty);
    }

    public static Command Create()
    {
        var pushes = new PushesCommand();
        return new Command("pushes", "Look at pushes, and look after those that are dead, unknown or held.")
        {
            pushes.CreateList(),
            pushes.CreateShow(),
            pushes.CreateEdit(),
            pushes.CreateMove(
                "replay",
                "Send pushes again, under the same ids, as if they were new.",
                "replayed",
                pushes._replayed
            ),
            pushes.CreateMove(
                "discard",
                "Give pushes up for good. Of those that are pending: where no configuration has their connector.",
                "discarded",
                pushes._discarded
            ),
        };
    }

    // A script whose variable is empty must not be taken for one that names no id.
    private static void RefuseEmpty(ArgumentResult given)
    {
        if (given.Tokens.Any(static token => string.IsNullOrWhiteSpace(token.Value)))
        {
            given.AddError("An ID is empty: name the push, e.g. one that `segctl pushes list` shows.");
        }
    }

    private Command CreateList()
    {
        var command = new Command(
            "list",
            "List pushes, the oldest end first: id, end, connector, customer, segment, attempts, reason. Of those that "
                + "are pending, in their order, the time of the next attempt or decision instead of the end."
        )
        {
            _after,
            _json,
        };
        _listed.AddTo(command);
        _node.AddTo(command);
        command.SetAction((arguments, stop) => _node.RunAsync(arguments, api => ListAsync(arguments, api, stop)));
        return command;
    }

    private Command CreateShow()
    {
        var command = new Command("show", "Show a push with its content and what policy decided on it.") { _id };
        _node.AddTo(command);
        command.SetAction(
            (arguments, stop) =>
                _node.RunAsync(
                    arguments,
                    async api =>
                    {
                        JsonElement push = await api.AskAsync(HttpMethod.Get, PathOf(arguments), body: null, stop);
                        Print(arguments, push, indented: true);
                    }
                )
        );
        return command;
    }

    private Command CreateEdit()
    {
        var command = new Command("edit", "Change what a push says before it is replayed.") { _id, _options, _content };
        _node.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_options) is null == result.GetValue(_content) is null)
            {
                result.AddError("Give either --options or --content.");
            }
        });
        command.SetAction((arguments, stop) => _node.RunAsync(arguments, api => EditAsync(arguments, api, stop)));
        return command;
    }

    private Command CreateMove(string verb, string description, string done, PushOptions which)
    {
        var command = new Command(verb, description) { _ids };
        which.AddTo(command);
        _node.AddTo(command);
        command.Validators.Add(result =>
        {
            bool names = result.GetValue(_ids) is { Length: > 0 };
            if (
                !names
                && !result
                    .Children.OfType<OptionResult>()
                    .Any(option => !option.Implicit && which.Narrows(option.Option))
            )
            {
                result.AddError($"Name ids, or say which pushes to {verb}: --state, --connector, --reason, ...");
            }
        });
        command.SetAction(
            (arguments, stop) => _node.RunAsync(arguments, api => MoveAsync(arguments, api, (verb, done, which), stop))
        );
        return command;
    }

    private async Task ListAsync(ParseResult arguments, NodeApi api, CancellationToken stop)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        int wanted = _listed.LimitOf(arguments);
        string? next = arguments.GetValue(_after);
        do
        {
            string query = _listed.QueryOf(arguments, wanted, next);
            JsonElement answer = await api.AskAsync(HttpMethod.Get, "/v1/pushes" + query, body: null, stop);
            if (arguments.GetValue(_json))
            {
                Print(arguments, answer, indented: false);
                return;
            }

            foreach (JsonElement push in answer.GetProperty("pushes").EnumerateArray())
            {
                await output.WriteLineAsync(
                    $"{Text(push, "id")}  {TimeOf(push)}  {Text(push, "connector")}  {Text(push, "customer")}  "
                        + $"{Text(push, "segment")}  {push.GetProperty("attempts").GetInt32()}  {Text(push, "reason")}"
                );
                wanted--;
            }

            // A node looks at some of the pushes only, which may match or not.
            next = answer.GetProperty("next").GetString();
        } while (next is not null && wanted > 0);

        if (next is not null)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"there may be more: --after {next}");
        }
    }

    private async Task EditAsync(ParseResult arguments, NodeApi api, CancellationToken stop)
    {
        byte[] value = arguments.GetValue(_content) is { } file
            ? await File.ReadAllBytesAsync(file.FullName, stop)
            : Encoding.UTF8.GetBytes(arguments.GetValue(_options)!);
        string key = arguments.GetValue(_content) is null ? "options" : "content";
        byte[] body;
        try
        {
            using var json = JsonDocument.Parse(value);
            body = Encoding.UTF8.GetBytes($"{{\"{key}\":{json.RootElement.GetRawText()}}}");
        }
        catch (JsonException e)
        {
            throw new NodeApiException($"--{key} is no JSON: {e.Message}");
        }

        await api.AskAsync(HttpMethod.Put, PathOf(arguments), body, stop);
        await arguments.InvocationConfiguration.Output.WriteLineAsync("edited 1");
    }

    private async Task MoveAsync(
        ParseResult arguments,
        NodeApi api,
        (string Verb, string Done, PushOptions Which) move,
        CancellationToken stop
    )
    {
        (string verb, string done, PushOptions which) = move;
        int moved = 0;
        string[] ids = arguments.GetValue(_ids) ?? [];
        foreach (string id in ids)
        {
            await api.AskAsync(HttpMethod.Post, $"/v1/pushes/{Uri.EscapeDataString(id)}/{verb}", body: null, stop);
            moved++;
        }

        string? next = null;
        int limit = ids.Length > 0 ? 0 : which.LimitOf(arguments);
        while (moved < limit)
        {
            string query = which.QueryOf(arguments, limit - moved, next);
            JsonElement answer = await api.AskAsync(HttpMethod.Post, $"/v1/pushes/{verb}{query}", body: null, stop);
            moved += answer.GetProperty(done).GetInt32();
            next = answer.GetProperty("next").GetString();
            if (next is null)
            {
                break;
            }
        }

        await arguments.InvocationConfiguration.Output.WriteLineAsync($"{done} {moved}");
        if (next is not null)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync("there may be more: run it again");
        }
    }

    private string PathOf(ParseResult arguments) =>
        $"/v1/pushes/{Uri.EscapeDataString(arguments.GetRequiredValue(_id))}";

    private static void Print(ParseResult arguments, JsonElement json, bool indented) =>
        arguments.InvocationConfiguration.Output.WriteLine(
            JsonSerializer.Serialize(json, indented ? s_indented : s_compact)
        );

    private static string TimeOf(JsonElement push) =>
        push.GetProperty("settledAt").GetString() ?? Text(push, "notBefore");

    private static string Text(JsonElement push, string name) => push.GetProperty(name).GetString() ?? "-";
}
