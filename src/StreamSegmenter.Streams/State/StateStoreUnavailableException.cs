namespace StreamSegmenter.Streams.State;

/// <summary>
/// The state store could not be reached for longer than it tries by itself; the same call may succeed later. Whether a
/// commit that ends like this has been made is not known: take the shard anew, which tells where it stands.
/// </summary>
public sealed class StateStoreUnavailableException(string message, Exception? innerException = null)
    : IOException(message, innerException);
