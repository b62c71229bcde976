using System.Net;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>What tests give to connectors.</summary>
internal static class TestServices
{
    public static TemplateSet Templates(params (string Name, TemplateOptions Options)[] templates) =>
        Templates(new TemplateLimits(), templates);

    public static TemplateSet Templates(
        TemplateLimits limits,
        params (string Name, TemplateOptions Options)[] templates
    )
    {
        var set = TemplateSet.Compile(
            templates.ToDictionary(t => t.Name, t => t.Options, StringComparer.Ordinal),
            limits,
            out var errors
        );
        errors.ShouldBeEmpty();
        return set;
    }

    public static ConnectorServices Create(
        TemplateSet? templates = null,
        TextWriter? output = null,
        TimeProvider? time = null,
        HostResolver? resolve = null
    ) =>
        new()
        {
            Templates = templates ?? Templates(),
            Time = time ?? TimeProvider.System,
            Output = output ?? TextWriter.Null,
            Resolve = resolve ?? ((host, token) => Dns.GetHostAddressesAsync(host, token)),
        };

    public static IConnector Connector(ConnectorOptions options, ConnectorServices? services = null)
    {
        var factory = new ConnectorFactory(services ?? Create());
        var connector = factory.Create(new ConnectorName("c"), options, out var errors);
        errors.ShouldBeEmpty();
        return connector.ShouldNotBeNull();
    }

    public static IReadOnlyList<OptionError> Errors(ConnectorOptions options, ConnectorServices? services = null)
    {
        new ConnectorFactory(services ?? Create())
            .Create(new ConnectorName("c"), options, out var errors)
            .ShouldBeNull();
        return errors;
    }
}
