using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What the suites share.</summary>
public abstract class StateStoreSuite<TFixture> : IAsyncLifetime
    where TFixture : StateStoreFixture, new()
{
    protected const int PartitionCount = 4;
    protected static readonly ShardId Shard = new(1);
    protected static readonly Timestamp Noon = new(1_580_472_000_000);
    protected static readonly ConnectorName Mail = new("mail");
    protected static readonly ConnectorName Chat = new("chat");

    protected TFixture Store { get; } = new();

    public Task InitializeAsync() => Store.InitializeAsync();

    public Task DisposeAsync() => Store.DisposeAsync();

    protected async Task<ShardStart> AcquireAsync(ShardId? shard = null, string owner = "me") =>
        await Store.Ownership.AcquireAsync(shard ?? Shard, PartitionCount, owner, default);

    protected async Task<ShardLease> LeaseAsync(ShardId? shard = null) => (await AcquireAsync(shard)).Lease;

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static StoredCustomer Customer(string id, Timestamp? due = null, string state = "state") =>
        new(new(id), due ?? Timestamp.Never, Bytes(state));

    protected async Task<CommitResult> CheckpointAsync(
        ShardLease lease,
        long position,
        Timestamp? now = null,
        params StoredCustomer[] customers
    ) =>
        await Store.Committer.CommitCheckpointAsync(
            lease,
            new(new(position), now ?? Noon, "definitions", customers),
            default
        );

    protected async Task<CommitResult> EffectsAsync(
        ShardLease lease,
        long position,
        IReadOnlyList<RecordedTick>? ticks = null,
        IReadOnlyList<Transition>? transitions = null,
        IReadOnlyList<NewPush>? pushes = null
    ) =>
        await Store.Committer.CommitEffectsAsync(
            lease,
            new(new LogPosition(position), ticks ?? [], transitions ?? [], pushes ?? []),
            default
        );

    protected static Transition Move(
        string customer,
        string segment,
        long number,
        Timestamp? at = null,
        TransitionCause cause = TransitionCause.Event,
        string? messageId = "m1"
    ) =>
        new(
            new(customer),
            new(segment),
            number % 2 == 1 ? TransitionKind.Entered : TransitionKind.Exited,
            at ?? Noon,
            cause,
            number,
            messageId
        );

    protected static NewPush Push(
        string id,
        long sequence,
        ConnectorName? connector = null,
        string customer = "u1",
        string content = "{}"
    ) => new(new(id), sequence, connector ?? Mail, new CustomerId(customer), Noon, Bytes(content));

    protected async Task<List<string>> PendingAsync(
        ConnectorName? connector = null,
        ShardId? shard = null,
        long after = 0,
        int max = 100
    ) =>
        [
            .. (await Store.Outbox.ReadPendingAsync(connector ?? Mail, shard ?? Shard, after, max, default)).Select(
                pending => pending.Push.Id.Value
            ),
        ];

    protected async Task<List<Transition>> TransitionsAsync()
    {
        List<Transition> all = [];
        await foreach (Transition transition in Store.Memberships.ReadTransitionsAsync(default))
        {
            all.Add(transition);
        }

        return all;
    }

    protected async Task<List<string>> SegmentsOfAsync(string customer) =>
        [
            .. (await Store.Memberships.GetMembershipsAsync(new(customer), default)).Select(membership =>
                membership.Segment.Value
            ),
        ];
}
