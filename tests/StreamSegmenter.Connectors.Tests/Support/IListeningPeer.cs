namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>A peer at a port of the loopback.</summary>
internal interface IListeningPeer
{
    int Port { get; }
}
