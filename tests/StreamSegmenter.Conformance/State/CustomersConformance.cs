using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Checkpointed customers.</summary>
public abstract class CustomersConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_checkpointed_customer_comes_back_as_it_was()
    {
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(lease, 1, Noon, Customer("u1", Noon.Plus(5), "one"), Customer("u2", null, "two"));
        await Store.ReopenAsync();

        (await LoadAsync("u1", "u2", "u3")).ShouldBe(
            [("u1", Noon.Plus(5), "one"), ("u2", Timestamp.Never, "two")],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task The_latest_checkpoint_counts()
    {
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(lease, 1, Noon, Customer("u1", Noon, "old"), Customer("u2", Noon, "kept"));
        await CheckpointAsync(lease, 2, Noon, Customer("u1", null, "new"));

        (await LoadAsync("u1", "u2")).ShouldBe(
            [("u1", Timestamp.Never, "new"), ("u2", Noon, "kept")],
            ignoreOrder: true
        );
        (await DueAsync(Timestamp.Never)).ShouldBe(["u2"]);
    }

    [Fact]
    public async Task A_customer_without_state_is_not_stored_any_more()
    {
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(lease, 1, Noon, Customer("u1", Noon), Customer("u2", Noon));
        await CheckpointAsync(lease, 2, Noon, Customer("u1", Noon, state: ""), Customer("never-there", state: ""));

        (await LoadAsync("u1", "never-there")).ShouldBeEmpty();
        (await DueAsync(Timestamp.Never)).ShouldBe(["u2"]);
    }

    [Fact]
    public async Task A_checkpoint_that_replaces_all_leaves_no_other_customer_of_its_shard()
    {
        ShardLease lease = await LeaseAsync();
        ShardLease other = await LeaseAsync(new ShardId(2));
        await CheckpointAsync(lease, 1, null, Customer("u1", Noon, "old"), Customer("u2", Noon), Customer("u3"));
        await CheckpointAsync(other, 1, null, Customer("u2", Noon));
        Checkpoint rebuilt = new(new(1), Noon, "new definitions", [Customer("u1", Noon, "new"), Customer("u4")])
        {
            ReplacesAll = true,
        };
        (await Store.Committer.CommitCheckpointAsync(lease, rebuilt, default)).ShouldBe(CommitResult.Committed);
        await Store.ReopenAsync();

        CustomerId[] all = [new("u1"), new("u2"), new("u3"), new("u4")];
        (await Store.Customers.LoadAsync(Shard, all, default))
            .Select(customer => (customer.Customer.Value, Encoding.UTF8.GetString(customer.State.Span)))
            .ShouldBe([("u1", "new"), ("u4", "state")], ignoreOrder: true);
        (await Store.Customers.LoadDueAsync(Shard, Noon.Plus(1), Timestamp.Beginning, null, 10, default))
            .ShouldHaveSingleItem()
            .Customer.Value.ShouldBe("u1");
        (await Store.Customers.LoadAsync(new ShardId(2), all, default)).Count.ShouldBe(1);
        (await AcquireAsync()).Definitions.ShouldBe("new definitions");
    }

    [Fact]
    public async Task Shards_keep_their_customers_apart()
    {
        await CheckpointAsync(await LeaseAsync(new ShardId(0)), 1, Noon, Customer("u1", Noon, "zero"));
        await CheckpointAsync(await LeaseAsync(Shard), 1, Noon, Customer("u1", Noon, "one"));

        (await LoadAsync("u1")).ShouldBe([("u1", Noon, "one")]);
        (await Store.Customers.LoadAsync(new(2), [new("u1")], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Naughty_names_stay_apart()
    {
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(
            lease,
            1,
            Noon,
            [.. NaughtyText.Names.Select(name => Customer(name, Noon, "state of " + name))]
        );

        (await LoadAsync([.. NaughtyText.Names])).ShouldBe(
            NaughtyText.Names.Select(name => (name, Noon, "state of " + name)),
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task A_large_state_comes_back_whole()
    {
        byte[] large = new byte[3_000_000];
        new Random(7).NextBytes(large);
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(lease, 1, Noon, new StoredCustomer(new("u1"), Noon, large.AsMemory(1)));

        StoredCustomer stored = (await Store.Customers.LoadAsync(Shard, [new("u1")], default)).ShouldHaveSingleItem();
        stored.State.Span.SequenceEqual(large.AsSpan(1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Loading_nobody_finds_nobody()
    {
        await LeaseAsync();

        (await LoadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Due_customers_come_by_time_then_name_and_only_those_before()
    {
        await CheckpointAsync(
            await LeaseAsync(),
            1,
            Noon,
            Customer("never"),
            Customer("b", Noon.Plus(1)),
            Customer("a", Noon.Plus(1)),
            Customer("z", Noon),
            Customer("ancient", Timestamp.Beginning),
            Customer("border", Noon.Plus(2)),
            Customer("later", Noon.Plus(3))
        );

        (await DueAsync(Noon.Plus(2))).ShouldBe(["ancient", "z", "a", "b"]);
        (await DueAsync(Timestamp.Never)).ShouldBe(["ancient", "z", "a", "b", "border", "later"]);
    }

    [Fact]
    public async Task Names_are_ordered_by_code_point()
    {
        await CheckpointAsync(await LeaseAsync(), 1, Noon, [.. NaughtyText.Names.Select(name => Customer(name, Noon))]);

        (await DueAsync(Timestamp.Never)).ShouldBe(NaughtyText.Names.Order(CodePointOrder.Instance));
    }

    [Fact]
    public async Task Due_customers_can_be_read_page_by_page()
    {
        StoredCustomer[] all = [.. Enumerable.Range(0, 100).Select(i => Customer($"u{i:d3}", Noon.Plus(i / 7)))];
        await CheckpointAsync(await LeaseAsync(), 1, Noon, [.. all.Reverse()]);

        List<CustomerId> read = [];
        IReadOnlyList<StoredCustomer> page = [];
        do
        {
            StoredCustomer? last = page.Count > 0 ? page[^1] : null;
            page = await Store.Customers.LoadDueAsync(
                Shard,
                Timestamp.Never,
                last?.NextDue ?? Timestamp.Beginning,
                last?.Customer,
                9,
                default
            );
            read.AddRange(page.Select(customer => customer.Customer));
        } while (page.Count > 0);

        read.ShouldBe(all.Select(customer => customer.Customer));
    }

    [Fact]
    public async Task A_page_may_start_at_a_time_without_naming_a_customer()
    {
        await CheckpointAsync(
            await LeaseAsync(),
            1,
            Noon,
            Customer("before", Noon.Minus(1)),
            Customer("at", Noon),
            Customer("after", Noon.Plus(1))
        );

        (await DueAsync(Timestamp.Never, Noon)).ShouldBe(["at", "after"]);
    }

    [Fact]
    public async Task A_cancelled_read_says_so()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.Customers.LoadAsync(Shard, [new("u1")], source.Token)
        );
    }

    [Fact]
    public async Task Readers_and_writers_at_once_see_whole_checkpoints()
    {
        const int Rounds = 40;
        ShardLease lease = await LeaseAsync();
        string[] names = [.. Enumerable.Range(0, 30).Select(i => $"u{i}")];
        await CheckpointAsync(lease, 0, Noon, [.. names.Select(name => Customer(name, null, "0"))]);
        Task writing = Task.Run(async () =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await CheckpointAsync(lease, round, Noon, [.. names.Select(name => Customer(name, null, $"{round}"))]);
            }
        });

        while (!writing.IsCompleted)
        {
            List<(string, Timestamp, string State)> seen = await LoadAsync(names);
            seen.Count.ShouldBe(names.Length);
            seen.Select(customer => customer.State).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        }

        await writing;
        (await LoadAsync(names)).ShouldAllBe(customer => customer.State == $"{Rounds}");
    }

    private async Task<List<(string Name, Timestamp Due, string State)>> LoadAsync(params string[] names)
    {
        CustomerId[] customers = [.. names.Select(name => new CustomerId(name))];
        return
        [
            .. (await Store.Customers.LoadAsync(Shard, customers, default)).Select(stored =>
                (stored.Customer.Value, stored.NextDue, System.Text.Encoding.UTF8.GetString(stored.State.Span))
            ),
        ];
    }

    private async Task<List<string>> DueAsync(Timestamp before, Timestamp? from = null) =>
        [
            .. (
                await Store.Customers.LoadDueAsync(Shard, before, from ?? Timestamp.Beginning, null, 1_000, default)
            ).Select(customer => customer.Customer.Value),
        ];
}
