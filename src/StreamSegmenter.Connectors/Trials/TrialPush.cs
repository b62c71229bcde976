using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Trials;

/// <summary>What somebody enters who never did.</summary>
/// <param name="Segment">The segment's name.</param>
/// <param name="Traits">What <c>profile</c> is to be.</param>
/// <param name="Event">What is to have caused it; null for time.</param>
/// <param name="Options">The keys of an <c>on-enter</c> entry.</param>
public sealed record Trial(
    CustomerId Customer,
    string Segment,
    string Description,
    JsonObject Traits,
    JsonNode? Event,
    JsonObject Options,
    DateTimeOffset At
);

/// <summary>Makes pushes that no transition caused, to try connectors and templates with.</summary>
public static class TrialPush
{
    /// <summary>Stands before whatever a trial sends into the world.</summary>
    public const string Mark = "[TEST]";

    /// <summary>
    /// A push to a connector that shows that it is a trial: its segment is <c>[TEST] name</c>, and <c>test</c> is true.
    /// Its id is new every millisecond, so that no system takes it for a repetition.
    /// </summary>
    /// <param name="to">Whom to send to instead of the customer; null for the customer.</param>
    /// <param name="problem">Why there can be no such push, and the cure.</param>
    public static Push? Create(
        ConnectorName connector,
        ConnectorOptions options,
        Trial trial,
        string? to,
        out string problem
    )
    {
        problem = "";
        var content = ContentOf(trial with { Segment = $"{Mark} {trial.Segment}" });
        content["test"] = true;
        if (to is not null)
        {
            if (options.ReceiverPath is null)
            {
                problem =
                    $"a connector of type {options.Type} has one receiver, which its settings name; leave --to out";
                return null;
            }

            Set(content, options.ReceiverPath.Split('.'), to);
        }
        else if (options is { NeedsReceiver: true, ReceiverPath: { } path } && !Has(content, path.Split('.')))
        {
            problem = $"the customer has no {path}; say with --to who shall get the message";
            return null;
        }

        var transition = new Transition(
            trial.Customer,
            new SegmentName(trial.Segment),
            TransitionKind.Entered,
            new Timestamp(trial.At.ToUnixTimeMilliseconds()),
            TransitionCause.Event,
            trial.At.ToUnixTimeMilliseconds(),
            MessageId: null
        );
        var id = PushId.Derive(transition, connector, ordinal: 0);
        return new Push(id, connector, trial.Customer, Attempts: 0, Encoding.UTF8.GetBytes(content.ToJsonString()));
    }

    /// <summary>The content of such a push, without a mark.</summary>
    internal static JsonObject ContentOf(Trial trial) =>
        new()
        {
            [PushContent.Customer] = trial.Customer.Value,
            [PushContent.Transition] = new JsonObject
            {
                ["kind"] = "entered",
                ["at"] = trial.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                ["cause"] = trial.Event is null ? "time" : "event",
                ["number"] = 1,
                ["messageId"] = trial.Event?["messageId"]?.DeepClone(),
            },
            [PushContent.Segment] = new JsonObject { ["name"] = trial.Segment, ["description"] = trial.Description },
            [PushContent.Profile] = trial.Traits.DeepClone(),
            [PushContent.Event] = trial.Event?.DeepClone(),
            [PushContent.Options] = trial.Options.DeepClone(),
        };

    private static void Set(JsonObject content, string[] path, string value)
    {
        var place = content;
        foreach (string key in path[..^1])
        {
            if (place[key] is not JsonObject next)
            {
                place[key] = next = [];
            }

            place = next;
        }

        place[path[^1]] = value;
    }

    private static bool Has(JsonObject content, string[] path)
    {
        JsonNode? place = content;
        foreach (string key in path)
        {
            place = (place as JsonObject)?[key];
        }

        return place is not null;
    }
}
