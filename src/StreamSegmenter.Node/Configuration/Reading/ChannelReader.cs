using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Connectors;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Kafka.Pushes;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>What pushes go through: connectors and the templates that they render.</summary>
internal sealed record Channels(IReadOnlyDictionary<ConnectorName, ConnectorOptions> Connectors, TemplateSet Templates);

/// <summary>Reads <c>connectors</c> and <c>templates</c>, and checks what segments push against them.</summary>
internal sealed class ChannelReader
{
    private const string ConnectorSection = "connectors";
    private const string TemplateSection = "templates";
    private const string PartialSection = "partials";

    private readonly OptionSections _options;
    private readonly Dictionary<ConnectorName, ConnectorOptions> _connectors = [];
    private readonly TemplateSet _templates;
    private readonly ConnectorFactory _factory;

    private ChannelReader(OptionSections options, ConfigurationPurpose purpose, UnsubscribeTokens? unsubscribe)
    {
        _options = options;
        _templates = ReadTemplates(purpose == ConfigurationPurpose.Rules ? [] : options.Names(TemplateSection));
        _factory = new(
            new()
            {
                Templates = _templates,
                Time = TimeProvider.System,
                Output = TextWriter.Null,
                Topics = new KafkaTopicClients(NullLoggerFactory.Instance),
                Unsubscribe = unsubscribe,
            }
        );
    }

    public static Channels Read(
        ConfigurationPurpose purpose,
        OptionSections options,
        IReadOnlyList<SegmentReading> segments,
        PushRules usual,
        UnsubscribeTokens? unsubscribe
    )
    {
        var reader = new ChannelReader(options, purpose, unsubscribe);
        if (purpose == ConfigurationPurpose.Node)
        {
            reader.ReadConnectors();
            reader.CheckPushes(segments, usual);
        }

        return new(reader._connectors, reader._templates);
    }

    private TemplateSet ReadTemplates(IEnumerable<string> names)
    {
        var templates = new Dictionary<string, TemplateOptions>(StringComparer.Ordinal);
        var unread = new List<string>();
        foreach (var name in names)
        {
            if (_options.Bind(new HoconPath(TemplateSection, name), new TemplateOptions()) is { } template)
            {
                templates[name] = template;
            }
            else
            {
                unread.Add(name);
            }
        }

        var partials = new Dictionary<string, PartialOptions>(StringComparer.Ordinal);
        foreach (var name in templates.Count == 0 ? [] : _options.Names(PartialSection))
        {
            if (_options.Bind(new HoconPath(PartialSection, name), new PartialOptions()) is { } partial)
            {
                partials[name] = partial;
            }
        }

        var compiled = TemplateSet.Compile(templates, new TemplateLimits(), out var errors, partials, unread);
        foreach (var name in templates.Keys)
        {
            Report(errors, TemplateSection, name);
        }

        foreach (var name in partials.Keys)
        {
            Report(errors, PartialSection, name);
        }

        return compiled;
    }

    private void ReadConnectors()
    {
        foreach (var name in _options.Names(ConnectorSection))
        {
            var path = new HoconPath(ConnectorSection, name);
            if (TryCreateOptions(path, out var defaults) && _options.Bind(path, defaults) is { } connector)
            {
                _connectors[new(name)] = connector;
                Report(_factory.Check(new(name), connector), ConnectorSection, name);
            }
        }
    }

    private bool TryCreateOptions(HoconPath path, [NotNullWhen(true)] out ConnectorOptions? options)
    {
        var key = path.Append("type");
        var type = _options.Value(key) ?? "";
        if (ConnectorFactory.TryCreateOptions(type, out options))
        {
            return true;
        }

        var problem = type.Length == 0 ? "has no value" : $"unknown type \"{type}\"";
        var cure = $"write one of {string.Join(", ", ConnectorFactory.Types)}";
        _options.Problems.Add(_options.PlaceOf(key), key.ToString(), problem, cure);
        return false;
    }

    private void CheckPushes(IReadOnlyList<SegmentReading> segments, PushRules usual)
    {
        var known = _options.Names(ConnectorSection).ToList();
        foreach (var push in segments.SelectMany(static segment => segment.OnEnter.Concat(segment.OnExit)))
        {
            if (_connectors.TryGetValue(push.Target.To, out var connector))
            {
                CheckPush(push, connector, connector.PolicyOver(usual).Rules);
            }
            else if (!known.Contains(push.Target.To.Value, StringComparer.Ordinal))
            {
                var problem = $"there is no connector \"{push.Target.To}\"";
                var cure = NearMiss.Find(push.Target.To.Value, known) is { } meant
                    ? $"did you mean {meant}?"
                    : $"add connectors.{new HoconPath(push.Target.To.Value)} {{ type = ... }}";
                _options.Problems.Add(
                    push.Entry[SegmentReader.To].Origin,
                    $"{push.Path}.{SegmentReader.To}",
                    problem,
                    cure
                );
            }
        }
    }

    private void CheckPush(PushReading push, ConnectorOptions connector, PushRules usual)
    {
        var simple = push
            .Entry.Where(static option => option.Value is HoconScalar and not HoconNull)
            .ToDictionary(
                static option => option.Key,
                static option => ((HoconScalar)option.Value).Text,
                StringComparer.Ordinal
            );
        if (usual.Digest > TimeSpan.Zero)
        {
            simple.TryAdd(PolicyKeys.Digest, usual.Digest.ToText());
        }

        foreach (var error in _factory.CheckPush(push.Path, simple, connector))
        {
            var key = error.Key[(error.Key.LastIndexOf('.') + 1)..];
            var place = push.Entry.TryGetValue(key, out var value) ? value.Origin : push.Entry.Origin;
            _options.Problems.Add(place, error.ToString());
        }
    }

    /// <summary>
    /// Reports the errors of one entry of a section, whose keys begin with the section and the entry's name.
    /// </summary>
    private void Report(IReadOnlyList<OptionError> errors, string section, string name)
    {
        var prefix = $"{section}.{name}.";
        foreach (var error in errors.Where(error => error.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var key = new HoconPath([section, name, .. error.Key[prefix.Length..].Split('.')]);
            _options.Problems.Add(_options.PlaceOf(key), $"{key}: {error.Message}");
        }
    }
}
