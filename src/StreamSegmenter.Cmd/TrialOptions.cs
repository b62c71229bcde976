using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSegmenter.Connectors.Trials;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Cmd;

/// <summary>The options of commands that make up a push: whose, and of what segment.</summary>
internal sealed class TrialOptions
{
    private const string SampleCustomer = "test-customer";

    private readonly Option<string> _customer = new("--customer-json")
    {
        Description =
            "A file with the customer's traits as one JSON object, or with an answer of the node's API "
            + "(\"customer\" and \"traits\"). Without it, a customer with a name and no address.",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _event = new("--event-json")
    {
        Description = "A file with the event that is to have caused it, one JSON object. Without it, time did.",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _segment = new("--segment")
    {
        Description = "The segment that is to have been entered, with the options of its first fitting push.",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_customer);
        command.Options.Add(_event);
        command.Options.Add(_segment);
    }

    /// <summary>Whether the customer's traits are given.</summary>
    public bool HasCustomer(ParseResult arguments) => arguments.GetValue(_customer) is not null;

    /// <summary>What is to have happened; null, with the problem on standard error, if none can be made up.</summary>
    /// <param name="suits">Which pushes of a segment are meant.</param>
    /// <param name="known">Traits that come from elsewhere than a file; null for the file's, or the sample's.</param>
    public Trial? Read(
        ParseResult arguments,
        NodeConfiguration configuration,
        Func<PushTarget, bool> suits,
        JsonObject? known,
        TimeProvider time
    )
    {
        var error = arguments.InvocationConfiguration.Error;
        string? wanted = arguments.GetValue(_segment);
        var candidates = configuration.Segments.Where(actions =>
            wanted is null || actions.Segment.Name.Value == wanted
        );
        var found = (
            from actions in candidates
            from push in actions.OnEnter.Concat(actions.OnExit).Where(suits)
            select (actions.Segment, Push: push)
        ).FirstOrDefault();
        if (wanted is not null && configuration.Segments.All(actions => actions.Segment.Name.Value != wanted))
        {
            error.WriteLine($"--segment: there is no segment {wanted}");
            return null;
        }

        var customer = known ?? Sample();
        JsonObject? cause = null;
        if (
            (arguments.GetValue(_customer) is { } file && !TryRead(file, error, out customer))
            || (arguments.GetValue(_event) is { } eventFile && !TryRead(eventFile, error, out cause))
        )
        {
            return null;
        }

        bool isAnswer = customer["traits"] is JsonObject && customer["customer"] is JsonValue;
        string id = isAnswer ? customer["customer"]!.ToString() : SampleCustomer;
        return new(
            new CustomerId(id.Length > 0 ? id : SampleCustomer),
            found.Segment?.Name.Value ?? wanted ?? "test",
            found.Segment?.Description ?? "",
            isAnswer ? (JsonObject)customer["traits"]! : customer,
            cause,
            found.Push is null ? [] : (JsonObject)JsonNode.Parse(found.Push.Options.Span)!,
            time.GetUtcNow()
        );
    }

    private static JsonObject Sample() => new() { ["name"] = "Test Customer" };

    private static bool TryRead(string file, TextWriter error, out JsonObject read)
    {
        read = [];
        try
        {
            if (JsonNode.Parse(File.ReadAllText(file)) is JsonObject found)
            {
                read = found;
                return true;
            }

            error.WriteLine($"{file}: this is no JSON object; write {{ \"name\": \"Ann\" }}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            error.WriteLine($"{file}: {problem.Message}");
        }

        return false;
    }
}
