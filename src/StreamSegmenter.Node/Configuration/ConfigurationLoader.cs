using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Loads configurations.</summary>
public static class ConfigurationLoader
{
    /// <summary>
    /// Reads all layers, binds and checks them. Whatever is wrong with them is in the result; nothing is thrown.
    /// </summary>
    public static ConfigurationResult Load(ConfigurationInput input)
    {
        try
        {
            var document = HoconDocument.Load(input.File, input.Reader).WithFallback(ReferenceConfiguration.Document);
            return Load(input, document, document.ResolveObject());
        }
        catch (HoconException unreadable)
        {
            return new ConfigurationResult.Refused([new(unreadable.Origin, unreadable.Problem)]);
        }
    }

    private static ConfigurationResult Load(ConfigurationInput input, HoconDocument document, HoconObject root)
    {
        var problems = new ProblemList();
        var overrides = CommandLineOverrides.Read(input.Overrides, problems);
        var configuration = new ConfigurationBuilder()
            .AddHocon(document, serves: static key => key != SegmentReader.Section)
            .AddEnvironmentOverrides(ConfigurationInput.VariablePrefix, input.Variables)
            .AddCommandLine([.. overrides])
            .Build();
        TopLevelKeys.Check(root, configuration, problems);

        var binder = new OptionsBinder(configuration, input.Reader.Files) { SecretTypes = [typeof(Connectors.Secret)] };
        var options = new OptionSections(configuration, binder, problems);
        var dedupe = options.Bind<DedupeOptions>("dedupe");
        var limits = options.Bind<EventLimitOptions>("limits");
        var shards = options.Bind<ShardOptions>("shards", static shards => shards.Validate());
        var storage = options.Bind<StorageOptions>("storage");
        var postgresql = options.Bind<PostgresqlOptions>("postgresql");
        var kafka = options.Bind<KafkaSection>("kafka", static kafka => kafka.Validate());
        SharedStorage.Check(storage, postgresql, kafka, limits, options);
        var http = options.Bind<HttpOptions>("http");
        var api = options.Bind<ApiOptions>("api");
        var relay = options.Bind<RelayOptions>("relay", static relay => relay.Validate());
        var policy = options.Bind<PolicyOptions>("policy", static policy => policy.Validate());
        var ingest = options.Bind<IngestOptions>("ingest", static ingest => ingest.Validate());
        var zone = options.ReadTimeZone();

        var segments = new SegmentReader(problems).Read(root);
        var rules = RuleCompilation.Compile(segments, new(zone, dedupe?.Horizon ?? TimeSpan.Zero), problems);
        var unsubscribe = options.Bind<UnsubscribeOptions>("unsubscribe")?.ToTokens();
        var channels = ChannelReader.Read(input.Purpose, options, segments, policy?.Defaults ?? new(), unsubscribe);
        var policies = policy is null ? null : new PolicyReader(policy, options, channels.Connectors, segments);
        var relays = relay is null ? null : RelayReader.Read(relay, channels.Connectors, options);
        if (input.Purpose == ConfigurationPurpose.Node)
        {
            policies?.Check();
        }

        return problems.Any
            ? new ConfigurationResult.Refused(problems.InOrder())
            : new ConfigurationResult.Loaded(
                new()
                {
                    Rules = rules!,
                    Segments = [.. segments.Select(static segment => segment.ToActions())],
                    Limits = limits!.ToLimits(),
                    Shards = shards!,
                    Storage = storage!,
                    Postgresql = postgresql!,
                    Kafka = kafka!,
                    Http = http!,
                    Api = api!,
                    Ingest = ingest! with
                    {
                        MaxEventBytes = Math.Min(ingest!.MaxEventBytes, (int)limits!.MaxBytes.Bytes),
                    },
                    Relay = relay!,
                    Relays = relays!,
                    Policy = policies!.ToSettings(zone),
                    Connectors = channels.Connectors,
                    Templates = channels.Templates,
                    Unsubscribe = unsubscribe,
                }
            );
    }
}
