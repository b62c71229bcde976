using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>The contract of connectors whose peer listens at a port of this machine.</summary>
public abstract class PortConnectorConformance : ConnectorConformance
{
    /// <summary>Settings that reach a peer on loopback, secured by its untrusted certificate or not at all.</summary>
    private protected abstract ConnectorOptions OptionsFor(int port, bool untrusted = false);

    private protected IConnector Connect(ConnectorOptions options) =>
        TestServices.Connector(options, TestServices.Create(time: Clock));

    protected sealed override IConnector ConnectTo(ScriptedPeer peer, bool untrusted = false) =>
        Connect(OptionsFor(((IListeningPeer)peer).Port, untrusted));

    protected sealed override IConnector ConnectToNobody() => Connect(OptionsFor(LocalServer.FreePort()));
}
