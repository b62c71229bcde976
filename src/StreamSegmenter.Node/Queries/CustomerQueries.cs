using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Queries;

/// <summary>
/// Finds out about a customer where the most is known: in this node's shard; else at the node that owns the shard;
/// else, when that cannot be reached, in the state store. Thread-safe.
/// </summary>
internal sealed class CustomerQueries(
    ShardGroup shards,
    int partitionCount,
    IShardOwnership ownership,
    IMembershipReader memberships,
    PeerClient peers
)
{
    /// <summary>What this node itself knows; null when the customer's shard is not at work here.</summary>
    public async Task<CustomerAnswer?> FindHereAsync(CustomerId customer, CancellationToken cancellationToken)
    {
        try
        {
            ShardId shard = ShardOf(customer);
            return new CustomerAnswer.Owned(await shards.AskAsync(shard, customer, cancellationToken));
        }
        catch (ShardAwayException)
        {
            return null;
        }
    }

    public async Task<CustomerAnswer> FindAsync(CustomerId customer, CancellationToken cancellationToken) =>
        await FindHereAsync(customer, cancellationToken)
        ?? await AskOwnerAsync(customer, cancellationToken)
        ?? new CustomerAnswer.Stored(await memberships.GetMembershipsAsync(customer, cancellationToken));

    private async Task<CustomerAnswer?> AskOwnerAsync(CustomerId customer, CancellationToken cancellationToken)
    {
        string? owner = await ownership.FindOwnerAsync(ShardOf(customer), cancellationToken);
        return owner is null ? null : await peers.TryAskAsync(owner, customer, cancellationToken);
    }

    private ShardId ShardOf(CustomerId customer) => new(Murmur2.PartitionOf(customer, partitionCount).Value);
}
