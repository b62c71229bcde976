using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Addresses that nothing is to be sent to.</summary>
public abstract class SuppressionsConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task An_address_is_kept_whole_until_it_is_removed()
    {
        SuppressedAddress ann = new(
            new("email", "ann@example.com"),
            Noon,
            "550 5.1.1 no such user\0",
            "connector mail"
        );
        (await Store.Suppressions.AddAsync([ann], default)).ShouldBe(1);
        await Store.ReopenAsync();

        (await Store.Suppressions.ReadAsync("email", "", 10, default)).ShouldBe([ann]);
        (await Store.Suppressions.RemoveAsync(ann.Suppression, default)).ShouldBeTrue();
        (await Store.Suppressions.RemoveAsync(ann.Suppression, default)).ShouldBeFalse();
        (await Store.Suppressions.ReadAsync("email", "", 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_reason_stays()
    {
        await AddAsync("a@x");
        SuppressedAddress again = new(new("email", "a@x"), Noon.Plus(5), "another", "another");
        (await Store.Suppressions.AddAsync([again, again], default)).ShouldBe(0);

        (await Store.Suppressions.ReadAsync("email", "", 10, default)).ShouldHaveSingleItem().Reason.ShouldBe("test");
    }

    [Fact]
    public async Task Those_on_the_list_are_found()
    {
        await AddAsync("a@x", "b@x");

        IReadOnlySet<Suppression> found = await Store.Suppressions.FindAsync(
            [new("email", "b@x"), new("email", "c@x"), new("sms", "a@x"), new("email", "B@x")],
            default
        );
        found.ShouldBe([new("email", "b@x")]);
        (await Store.Suppressions.FindAsync([], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        string[] addresses = [.. Enumerable.Range(0, 25).Select(i => $"{i:d2}@x")];
        await AddAsync([.. addresses.Reverse()]);
        await Store.Suppressions.AddAsync([new(new("sms", "+4900"), Noon, "test", "test")], default);

        List<string> read = [];
        IReadOnlyList<SuppressedAddress> page;
        do
        {
            page = await Store.Suppressions.ReadAsync("email", read.LastOrDefault() ?? "", 10, default);
            read.AddRange(page.Select(address => address.Suppression.Address));
        } while (page.Count > 0);

        read.ShouldBe(addresses);
    }

    [Fact]
    public async Task Naughty_addresses_are_kept_apart()
    {
        await AddAsync([.. NaughtyText.Names]);

        (await Store.Suppressions.ReadAsync("email", "", 1_000, default))
            .Select(address => address.Suppression.Address)
            .ShouldBe(NaughtyText.Names.Order(CodePointOrder.Instance));
        Suppression[] all = [.. NaughtyText.Names.Select(name => new Suppression("email", name))];
        (await Store.Suppressions.FindAsync(all, default)).Count.ShouldBe(all.Length);
    }

    private async Task AddAsync(params string[] addresses) =>
        await Store.Suppressions.AddAsync(
            [.. addresses.Select(address => new SuppressedAddress(new("email", address), Noon, "test", "test"))],
            default
        );
}
