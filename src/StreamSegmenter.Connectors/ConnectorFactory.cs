using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Discord;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Freshdesk;
using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.Kafka;
using StreamSegmenter.Connectors.RequestTracker;
using StreamSegmenter.Connectors.SendGrid;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Teams;
using StreamSegmenter.Connectors.Webhook;
using StreamSegmenter.Connectors.Zendesk;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors;

/// <summary>Makes connectors from configuration.</summary>
public sealed class ConnectorFactory(ConnectorServices services)
{
    private static readonly SortedDictionary<string, Func<ConnectorOptions>> Kinds = new(StringComparer.Ordinal)
    {
        ["console"] = () => new ConsoleOptions(),
        ["discord"] = () => new DiscordOptions(),
        ["email"] = () => new EmailOptions(),
        ["file"] = () => new Files.FileOptions(),
        ["freshdesk"] = () => new FreshdeskOptions(),
        ["http"] = () => new HttpApiOptions(),
        ["kafka"] = () => new KafkaOptions(),
        ["request-tracker"] = () => new RequestTrackerOptions(),
        ["sendgrid"] = () => new SendGridOptions(),
        ["slack"] = () => new SlackApiOptions(),
        ["slack-webhook"] = () => new SlackOptions(),
        ["teams"] = () => new TeamsOptions(),
        ["webhook"] = () => new WebhookOptions(),
        ["zendesk"] = () => new ZendeskOptions(),
    };

    /// <summary>The values that <c>connectors.NAME.type</c> may have, in order.</summary>
    public static IReadOnlyCollection<string> Types => Kinds.Keys;

    /// <summary>
    /// Fresh options of a type, holding the defaults, for a binder to fill; false if there is no such type.
    /// </summary>
    public static bool TryCreateOptions(string type, [NotNullWhen(true)] out ConnectorOptions? options)
    {
        options = Kinds.TryGetValue(type, out var create) ? create() : null;
        return options is not null;
    }

    /// <summary>
    /// The connector, or what is wrong with its options. A connector that holds connections is also
    /// <see cref="IAsyncDisposable"/>, and the caller's to dispose once no <see cref="IConnector.SendAsync"/> runs.
    /// </summary>
    public IConnector? Create(ConnectorName name, ConnectorOptions options, out IReadOnlyList<OptionError> errors)
    {
        errors = Check(name, options);
        return errors.Count == 0 ? options.Create(name, services) : null;
    }

    /// <summary>What is wrong with a connector's options, without making one.</summary>
    public IReadOnlyList<OptionError> Check(ConnectorName name, ConnectorOptions options)
    {
        var found = new OptionErrors($"connectors.{name}");
        options.Check(found, services);
        return found.All;
    }

    /// <summary>
    /// What is wrong with the keys of an <c>on-enter</c> or <c>on-exit</c> entry that goes to a connector.
    /// </summary>
    /// <param name="path">Where the entry stands, e.g. <c>segments.vip.on-enter[0]</c>.</param>
    /// <param name="push">The keys of the entry that have simple values.</param>
    public IReadOnlyList<OptionError> CheckPush(
        string path,
        IReadOnlyDictionary<string, string> push,
        ConnectorOptions options
    )
    {
        var found = new OptionErrors(path);
        options.CheckPush(push, found, services.Templates);
        return found.All;
    }
}
