using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Connectors;
using StreamSegmenter.Connectors.Trials;
using StreamSegmenter.Kafka.Pushes;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Cmd.Connectors;

/// <summary>
/// <c>segctl connectors test NAME</c>: one message, marked as a test, through a connector as it is set.
/// </summary>
internal sealed class ConnectorTrial
{
    private const string Description =
        "Send one message through a connector with its real settings, once, without retries and past every policy. "
        + "Its texts begin with [TEST], and so does the segment's name in it. Says how it ended: exit code 0 if it was "
        + "delivered, 1 if not.";

    private readonly ConfigurationOptions _configuration = new();
    private readonly TrialOptions _trial = new();

    private readonly Argument<string> _name = new("NAME") { Description = "The connector's name." };

    private readonly Option<string> _to = new("--to")
    {
        Description = "Who shall get it instead of the customer: an address for mail and tickets, a channel for Slack.",
        HelpName = "RECEIVER",
    };

    public static Command Create()
    {
        var trial = new ConnectorTrial();
        var command = new Command("test", Description) { trial._name, trial._to };
        trial._configuration.AddTo(command);
        trial._trial.AddTo(command);
        command.SetAction(trial.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (_configuration.Load(arguments, ConfigurationPurpose.Node) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        string text = arguments.GetRequiredValue(_name);
        if (text.Length == 0 || !configuration.Connectors.TryGetValue(new(text), out var options))
        {
            string known = string.Join(", ", configuration.Connectors.Keys.Select(known => known.Value));
            await error.WriteLineAsync($"there is no connector \"{text}\"; there are {known}");
            return ExitCodes.Refused;
        }

        var name = new ConnectorName(text);
        var trial = _trial.Read(arguments, configuration, push => push.To == name, known: null, TimeProvider.System);
        if (trial is null)
        {
            return ExitCodes.Refused;
        }

        if (TrialPush.Create(name, options, trial, arguments.GetValue(_to), out string problem) is not { } push)
        {
            await error.WriteLineAsync(problem);
            return ExitCodes.Refused;
        }

        var result = await SendAsync(configuration, options, push, output, stop);
        string detail = result.Detail.Length == 0 ? "" : $": {result.Detail}";
        await output.WriteLineAsync($"{name} ({options.Type}), push {push.Id}: {WordOf(result.Outcome)}{detail}");
        return result.Outcome == DeliveryOutcome.Delivered ? ExitCodes.Success : ExitCodes.Refused;
    }

    private static async Task<DeliveryResult> SendAsync(
        NodeConfiguration configuration,
        ConnectorOptions options,
        Push push,
        TextWriter output,
        CancellationToken stop
    )
    {
        var factory = new ConnectorFactory(
            new()
            {
                Templates = configuration.Templates.Marked(TrialPush.Mark),
                Time = TimeProvider.System,
                Output = output,
                Topics = new KafkaTopicClients(NullLoggerFactory.Instance),
                Unsubscribe = configuration.Unsubscribe,
            }
        );
        var connector =
            factory.Create(push.Connector, options, out var errors)
            ?? throw new InvalidOperationException($"It was checked and is wrong all the same: {errors[0]}");
        try
        {
            return await connector.SendAsync(push, stop);
        }
        catch (Exception exception)
        {
            return DeliveryResult.Unknown(exception.Message);
        }
        finally
        {
            await ((connector as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
            (connector as IDisposable)?.Dispose();
        }
    }

    private static string WordOf(DeliveryOutcome outcome) =>
        outcome switch
        {
            DeliveryOutcome.Delivered => "delivered",
            DeliveryOutcome.Retry => "not taken, may be later",
            DeliveryOutcome.Rejected => "rejected",
            DeliveryOutcome.Unknown => "sent, outcome unknown",
            _ => "misconfigured",
        };
}
