namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>A taken lane, and the push of it that may be attempted.</summary>
internal readonly record struct Turn(Lane Lane, PendingPush Pending);
