using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Console;

/// <summary><c>type = console</c>: one line per push, for trying things out.</summary>
public sealed class ConsoleOptions : ConnectorOptions
{
    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Text];

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ConsoleConnector(name, this, services);
}
