using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Rules.Support;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class ResidentTableTests
{
    private static readonly RuleSet Rules = RuleTexts.Compile("profile.x = 1");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void States_survive_being_packed_and_at_most_so_many_are_unpacked(int hot)
    {
        // Who is touched: read, changed, or (for a negative number) the table is shrunk to that many.
        Gen<int[]> steps = Gen.Frequency((8, Gen.Choose(0, 9)), (1, Gen.Choose(-5, -1))).ArrayOf().Resize(80);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Arb.From(steps), list => Follows(hot, list))
        );
    }

    private static bool Follows(int hot, int[] steps)
    {
        var table = new ResidentTable(Rules, hot);
        var dues = new DueQueue();
        var stored = new Dictionary<int, byte[]>();
        var versions = new Dictionary<int, int>();
        foreach (int step in steps)
        {
            if (step < 0)
            {
                Shrink(table, dues, -step, versions.Keys, hot);
                continue;
            }

            var id = new CustomerId($"c{step}");
            Resident resident =
                table.Find(id)
                ?? (stored.TryGetValue(step, out byte[]? packed) ? table.Admit(id, packed) : table.Create(id));
            CustomerState state = table.Unpack(resident);
            (state.Traits.Find("version")?.At.Milliseconds ?? 0).ShouldBe(versions.GetValueOrDefault(step));

            int version = versions[step] = versions.GetValueOrDefault(step) + 1;
            state.Traits.Set("version", new(version), "1"u8.ToArray());
            dues.Update(resident, new(100 + step));
            stored[step] = table.Pack(resident);
            versions.Keys.Count(key => table.Find(new($"c{key}"))?.State is not null).ShouldBeLessThanOrEqualTo(hot);
        }

        return true;
    }

    private static void Shrink(ResidentTable table, DueQueue dues, int keep, IEnumerable<int> known, int hot)
    {
        int[] before = [.. known.Where(key => table.Find(new($"c{key}")) is not null)];

        Timestamp due = table.Shrink(keep, dues);

        int[] after = [.. before.Where(key => table.Find(new($"c{key}")) is not null)];
        after.Length.ShouldBe(table.Count);
        dues.Count.ShouldBe(table.Count);
        table.Count.ShouldBeInRange(Math.Min(keep, before.Length), Math.Max(keep, Math.Min(hot, before.Length)));
        due.ShouldBe(before.Except(after).Select(key => new Timestamp(100 + key)).Append(Timestamp.Never).Min());
    }

    [Fact]
    public void A_changed_customer_is_never_dropped()
    {
        var table = new ResidentTable(Rules, hot: 1);
        Resident changed = table.Create(new("changed"));
        changed.Changed = true;
        table.Create(new("other"));

        table.Shrink(0, new());

        table.Find(new("changed")).ShouldBe(changed);
    }
}
