using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class TraitSetTests
{
    [Fact]
    public void The_newest_event_time_wins_and_a_change_of_value_is_told()
    {
        Gen<(string Name, int At, string? Json)[]> writes = (
            from name in Gen.Elements("a", "b", "A", "")
            from at in Gen.Choose(0, 9)
            from json in Gen.Elements<string?>("1", "2", "\"\"", null)
            select (name, at, json)
        ).ArrayOf();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(writes), Follows));
    }

    private static bool Follows((string Name, int At, string? Json)[] writes)
    {
        var traits = new TraitSet();
        for (int i = 0; i < writes.Length; i++)
        {
            (string name, int at, string? json) = writes[i];
            string? before = Winner(writes[..i], name);
            string? after = Winner(writes[..(i + 1)], name);

            traits.Set(name, new(at), json is null ? default : Encoding.UTF8.GetBytes(json)).ShouldBe(before != after);

            byte[]? stored = traits.Find(name)?.Json;
            (stored is null ? null : Encoding.UTF8.GetString(stored)).ShouldBe(after);
        }

        traits
            .All.Select(trait => trait.Name)
            .ShouldBe(
                writes.Select(write => write.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            );
        return true;
    }

    // Stable: of equal times the last in the log.
    private static string? Winner((string Name, int At, string? Json)[] writes, string name) =>
        writes.Where(write => write.Name == name).OrderBy(write => write.At).LastOrDefault().Json;

    [Fact]
    public void A_trait_is_read_whatever_limits_its_event_had()
    {
        string deep = new string('[', 60) + new string(']', 60);
        string large = $"[{string.Join(',', Enumerable.Range(0, 20_000))}]";
        var traits = new TraitSet();
        traits.Set("deep", new(1), Encoding.UTF8.GetBytes(deep));
        traits.Set("large", new(1), Encoding.UTF8.GetBytes(large));

        traits.Find("deep")!.Value.Kind.ShouldBe(JsonKind.Array);
        traits.Find("large")!.Value.Kind.ShouldBe(JsonKind.Array);
    }

    [Fact]
    public void A_removed_trait_is_missing_and_an_empty_string_is_not()
    {
        var traits = new TraitSet();
        traits.Set("gone", new(1), null);
        traits.Set("empty", new(1), "\"\""u8.ToArray());

        traits.Find("gone")!.Value.IsMissing.ShouldBeTrue();
        traits.Find("empty")!.Value.GetString().ShouldBe("");
        traits.Find("never").ShouldBeNull();
    }

    [Fact]
    public void Stored_bytes_that_are_not_json_are_named()
    {
        var trait = new Trait("plan", new(1), "{"u8.ToArray());

        Should
            .Throw<InvalidDataException>(() => trait.Value)
            .Message.ShouldStartWith("The stored trait plan is not JSON");
    }
}
