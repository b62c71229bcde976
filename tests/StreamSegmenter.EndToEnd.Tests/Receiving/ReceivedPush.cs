namespace StreamSegmenter.EndToEnd.Tests.Receiving;

/// <summary>A push as a receiver took it, once.</summary>
/// <param name="Connector">The name of the connector that it came by.</param>
/// <param name="Body">The bytes of the first delivery, as text.</param>
public sealed record ReceivedPush(string Id, string Connector, string Body);
