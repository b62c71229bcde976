using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>What is remembered of a push whose content is left in the outbox until its turn comes.</summary>
internal readonly record struct HeldPush(long Sequence, Timestamp MadeAt, Timestamp NotBefore);

internal enum LaneStanding
{
    Waiting,
    Ready,
    Taken,
}

/// <summary>
/// One customer's pushes to the connector. Without a policy they are in order, and only the first may be attempted.
/// </summary>
internal sealed class Lane(ShardId shard, CustomerId customer, HeldPush head, PendingPush? content)
{
    // Most customers have one push at a time. Without a policy alone: with one, the outbox is asked.
    private Queue<HeldPush>? _followers;

    public ShardId Shard => shard;

    public CustomerId Customer => customer;

    public HeldPush Head { get; private set; } = head;

    /// <summary>The first push whole, while it is ready and was not tried; else it is read again.</summary>
    public PendingPush? Content { get; private set; } = content;

    /// <summary>Attempts in a row, of the first push or for the customer, with another one to come.</summary>
    public int Tries { get; set; }

    public LaneStanding Standing { get; set; }

    /// <summary>With a policy: tells the latest turn of the lane from those before.</summary>
    public int Turn { get; set; }

    /// <summary>With a policy, while the lane is taken: when to ask about the customer's other pushes.</summary>
    public Timestamp AskAgain { get; set; } = Timestamp.Never;

    public int Count => 1 + (_followers?.Count ?? 0);

    public void Append(HeldPush push) => (_followers ??= new()).Enqueue(push);

    /// <summary>Leaves the first push alone.</summary>
    public void ForgetFollowers() => _followers = null;

    /// <summary>Drops the first push; false when it was the last.</summary>
    public bool Advance()
    {
        Content = null;
        if (_followers is null || !_followers.TryDequeue(out HeldPush next))
        {
            return false;
        }

        Head = next;
        Tries = 0;
        return true;
    }

    public void Postpone(Timestamp notBefore)
    {
        Content = null;
        Head = Head with { NotBefore = notBefore };
    }
}
