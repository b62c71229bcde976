using System.Globalization;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Input that could not be accepted.</summary>
public abstract class DeadLettersConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_dead_letter_is_kept_whole()
    {
        byte[] payload = [0, 255, 0x80, (byte)'{', 0];
        await Store.DeadLetters.AddAsync(
            [new(Noon, "shard 3 position 17", "bad-timestamp", "line 1: \0 'x'", payload)],
            default
        );
        await Store.ReopenAsync();

        DeadLetter letter = (await Store.DeadLetters.ReadAsync(10, default)).ShouldHaveSingleItem();
        letter.At.ShouldBe(Noon);
        letter.Source.ShouldBe("shard 3 position 17");
        letter.Reason.ShouldBe("bad-timestamp");
        letter.Detail.ShouldBe("line 1: \0 'x'");
        letter.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task The_newest_come_first_and_no_more_than_asked()
    {
        for (int i = 0; i < 5; i++)
        {
            await AddAsync($"{2 * i}", $"{(2 * i) + 1}");
        }

        (await ReadAsync(3)).ShouldBe(["9", "8", "7"]);
        (await ReadAsync(100)).ShouldBe(
            Enumerable.Range(0, 10).Reverse().Select(i => i.ToString(CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public async Task Letters_are_counted_by_reason()
    {
        await AddAsync("a", "b", "a");
        await AddAsync("a");

        (await Store.DeadLetters.CountAsync(default)).ShouldBe(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 3, ["b"] = 1 },
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task A_new_store_has_none()
    {
        (await Store.DeadLetters.ReadAsync(10, default)).ShouldBeEmpty();
        (await Store.DeadLetters.CountAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Naughty_reasons_are_counted_apart()
    {
        await AddAsync([.. NaughtyText.Names]);

        (await Store.DeadLetters.CountAsync(default)).Keys.ShouldBe(NaughtyText.Names, ignoreOrder: true);
    }

    [Fact]
    public async Task A_large_and_an_empty_payload_are_kept()
    {
        byte[] large = new byte[2_000_000];
        new Random(3).NextBytes(large);
        await Store.DeadLetters.AddAsync([new(Noon, "http", "too-large", "", large)], default);
        await Store.DeadLetters.AddAsync([new(Noon, "http", "empty", "", default)], default);

        IReadOnlyList<DeadLetter> letters = await Store.DeadLetters.ReadAsync(2, default);
        letters[0].Payload.Length.ShouldBe(0);
        letters[1].Payload.Span.SequenceEqual(large).ShouldBeTrue();
    }

    private async Task AddAsync(params string[] reasons) =>
        await Store.DeadLetters.AddAsync(
            [.. reasons.Select(reason => new DeadLetter(Noon, "http", reason, "detail", Bytes("{}")))],
            default
        );

    private async Task<List<string>> ReadAsync(int max) =>
        [.. (await Store.DeadLetters.ReadAsync(max, default)).Select(letter => letter.Reason)];
}
