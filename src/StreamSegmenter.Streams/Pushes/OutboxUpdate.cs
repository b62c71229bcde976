using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>What became of a pending push.</summary>
public abstract record OutboxUpdate(PushId Id)
{
    /// <summary>The other side took it.</summary>
    public sealed record Delivered(PushId Id, int Attempts, Timestamp At) : AfterAttempt(Id);

    /// <summary>It is tried again.</summary>
    public sealed record Postponed(PushId Id, int Attempts, Timestamp NotBefore, string Reason) : AfterAttempt(Id);

    /// <summary>It was refused, or failed for too long.</summary>
    public sealed record Dead(PushId Id, int Attempts, Timestamp At, string Reason) : AfterAttempt(Id);

    /// <summary>Nobody knows whether it was taken, and it is not sent again.</summary>
    public sealed record Unknown(PushId Id, int Attempts, Timestamp At, string Reason) : AfterAttempt(Id);

    /// <summary>Nobody knows whether it was taken, and an operator is to decide.</summary>
    public sealed record Held(PushId Id, int Attempts, Timestamp At, string Reason) : AfterAttempt(Id);

    /// <summary>
    /// An attempt begins. Written for those that a crash in the middle of one must not send twice: it stands as an
    /// attempt of unknown outcome until its outcome is recorded.
    /// </summary>
    public sealed record Started(PushId Id, Timestamp At) : OutboxUpdate(Id);

    /// <summary>Policy lets it out. The first grant counts; later ones change nothing.</summary>
    /// <param name="Purpose">See <see cref="Policy.PolicyDecision.Send"/>.</param>
    /// <param name="At">The instant for which it was decided.</param>
    /// <param name="Reason">See <see cref="Policy.PolicyDecision"/>.</param>
    public sealed record Granted(PushId Id, string Purpose, Timestamp At, string Reason) : OutboxUpdate(Id)
    {
        /// <summary>What it bears from now on, with what was merged into it; null: what it bore before.</summary>
        public ReadOnlyMemory<byte>? Content { get; init; }
    }

    /// <summary>Policy makes it wait, which is no attempt. Nothing new when it waits until then already.</summary>
    public sealed record Deferred(PushId Id, Timestamp Until, Timestamp At, string Reason) : OutboxUpdate(Id);

    /// <summary>Policy ends it, unsent.</summary>
    public sealed record Dropped(PushId Id, Timestamp At, string Reason) : OutboxUpdate(Id);

    /// <summary>Policy ends it as a part of another push.</summary>
    public sealed record Merged(PushId Id, PushId Into, Timestamp At, string Reason) : OutboxUpdate(Id);

    /// <summary>An update that follows an attempt.</summary>
    public abstract record AfterAttempt(PushId Id) : OutboxUpdate(Id)
    {
        /// <summary>As in <see cref="PendingPush.UnknownAt"/>; replaces what is stored.</summary>
        public Timestamp? UnknownAt { get; init; }
    }
}
