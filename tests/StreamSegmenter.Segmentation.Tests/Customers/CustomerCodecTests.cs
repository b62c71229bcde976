using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Customers;

public sealed class CustomerCodecTests
{
    private const int Damages = 20_000;

    // Lanes of all contents, one that is archived, and slots of both kinds.
    private static readonly RuleSet Rules = RuleTexts.Compile([
        RuleTexts.Segment("counts", "count(a, 7d) > 3 and sum(a.amount, 7d) > 10"),
        RuleTexts.Segment("values", "distinct(b.value, 7d) > 2 for 1h"),
        RuleTexts.Segment("steps", "sequence(a then b within 1h, 7d)"),
        RuleTexts.Segment("archived", "exists(a where plan = profile.plan, 7d)"),
    ]);

    private readonly CustomerCodec _codec = new(Rules);

    private byte[] Pack(CustomerState state) => _codec.Pack(state).ToArray();

    [Fact]
    public void Random_states_come_back_byte_by_byte()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            CustomerState state = RandomState(new Random(seed));

            byte[] packed = Pack(state);
            CustomerState unpacked = _codec.Unpack(state.Id, packed);

            Pack(unpacked).ShouldBe(packed, $"seed {seed}");
            Describe(unpacked).ShouldBe(Describe(state), $"seed {seed}");
        }
    }

    [Fact]
    public void An_empty_state_takes_a_dozen_bytes() => Pack(Rules.NewCustomer(new("c"))).Length.ShouldBeLessThan(12);

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_anything_else()
    {
        int refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int seed = 0; seed < Damages; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = Damage(Pack(RandomState(random)), random);
            try
            {
                CustomerState state = _codec.Unpack(new("c"), bytes);
                Pack(state);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        refused.ShouldBeInRange(Damages / 4, Damages);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Damages * 100_000L);
    }

    [Fact]
    public void Every_shortening_and_every_lengthening_is_refused()
    {
        byte[] packed = Pack(RandomState(new Random(7)));

        for (int length = 0; length < packed.Length; length++)
        {
            byte[] shorter = packed[..length];
            Should.Throw<InvalidDataException>(() => _codec.Unpack(new("c"), shorter));
        }

        Should.Throw<InvalidDataException>(() => _codec.Unpack(new("c"), [.. packed, 0]));
    }

    [Fact]
    public void Times_as_far_apart_as_can_be_come_back()
    {
        long[] times = [long.MinValue + 1, -(1L << 62), -1, 0, 1L << 62, long.MaxValue - 1];
        foreach (long first in times)
        {
            foreach (long second in times)
            {
                CustomerState state = Rules.NewCustomer(new("c"));
                state.Agenda.Set(0, new(first));
                state.Agenda.Set(1, new(second));

                Agenda agenda = _codec.Unpack(state.Id, Pack(state)).Agenda;

                (agenda[0], agenda[1]).ShouldBe(((0, new(first)), (1, new(second))));
            }
        }
    }

    [Fact]
    public void A_message_kept_for_ever_takes_a_byte_beside_its_key()
    {
        CustomerState state = Rules.NewCustomer(new("c"));
        state.Messages.TryAdd(1, new(0), new(1_700_000_000_000));
        state.Messages.TryAdd(2, new(0), new(1_700_000_000_000));
        int before = Pack(state).Length;

        state.Messages.TryAdd(3, new(0), Timestamp.Never);

        Pack(state).Length.ShouldBe(before + sizeof(ulong) + 1);
        state.Messages.TryAdd(4, new(0), new(1_700_000_000_000));
        Pack(state).Length.ShouldBe(before + (2 * (sizeof(ulong) + 1)));
    }

    [Theory]
    [InlineData(2)] // messages
    [InlineData(5)] // entries of a lane
    public void A_count_of_billions_allocates_nothing(int position)
    {
        // Version, no traits, no messages, one lane: its index, its entries.
        byte[] head = [1, 0, 0, 1, 0];
        byte[] bytes = [.. head[..Math.Min(position, head.Length)], 0xFF, 0xFF, 0xFF, 0xFF, 0x07];

        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<InvalidDataException>(() => _codec.Unpack(new("c"), bytes));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }

    [Fact]
    public void Another_format_is_named_with_the_cure() =>
        Should
            .Throw<InvalidDataException>(() => _codec.Unpack(new("c"), [9]))
            .Message.ShouldBe(
                "Customer c was stored in format 9; this program reads format 3. Use the program that wrote it."
            );

    private static byte[] Damage(byte[] bytes, Random random)
    {
        for (int i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[(at + 1)..]],
                2 => [.. bytes[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. bytes[at..]],
                _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            };
        }

        return bytes;
    }

    private static CustomerState RandomState(Random random)
    {
        var state = Rules.NewCustomer(new("c"));
        for (int feature = 0; feature < state.Bands.Length; feature++)
        {
            state.Bands[feature] = (ushort)random.Next(Rules.Graph.Bands[feature].Count);
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            byte[]? json = random.Next(3) == 0 ? null : Encoding.UTF8.GetBytes($"[\"ü\", {random.Next()}]");
            state.Traits.Set($"trait {random.Next(3)} \u00e9", Time(random), json);
        }

        for (int i = random.Next(5); i > 0; i--)
        {
            state.Messages.TryAdd((ulong)random.NextInt64(), new(0), Time(random, atLeast: 0));
        }

        foreach (LaneDefinition lane in Rules.Lanes.Where(_ => random.Next(4) > 0))
        {
            Fill(state, lane, random);
        }

        for (int slot = 0; slot < Rules.Slots.Count; slot++)
        {
            state.Holding.Set(slot, random.Next(2) == 0);
            if (random.Next(2) == 0)
            {
                state.TrueSince[slot] = Time(random);
                state.Segments[slot] = new(random.NextInt64(), Time(random), Timestamp.Beginning);
            }
        }

        for (int node = 0; node < Rules.NodeCount; node++)
        {
            state.Agenda.Set(node, random.Next(2) == 0 ? Timestamp.Never : Time(random));
        }

        return state;
    }

    private static void Fill(CustomerState state, LaneDefinition definition, Random random)
    {
        var lane = new Lane(definition.Content);
        for (int i = random.Next(20); i > 0; i--)
        {
            if (definition.Content == LaneContent.Steps)
            {
                lane.InsertSteps(Time(random), (uint)random.NextInt64(uint.MaxValue));
                continue;
            }

            lane.Insert(
                Time(random),
                definition.Content switch
                {
                    LaneContent.Times => RuleValue.Missing,
                    LaneContent.Numbers => RuleValue.Number(Number(random)),
                    _ => Value(random, depth: 0),
                }
            );
        }

        // Entries that left, so that the lane does not begin at its array's beginning.
        lane.DropOldest(random.Next(lane.Count + 1));
        state.Lanes[definition.Index] = lane;
        if (definition.TraitsInWhere.Count > 0)
        {
            var archive = new EventArchive();
            archive.Insert(Time(random), [1, 2, 3]);
            state.Archives[definition.Index] = archive;
        }
    }

    private static RuleValue Value(Random random, int depth) =>
        random.Next(depth > 2 ? 5 : 6) switch
        {
            0 => RuleValue.Number(Number(random)),
            1 => RuleValue.String(random.Next(2) == 0 ? "" : "größe 🎉"),
            2 => RuleValue.Boolean(random.Next(2) == 0),
            3 => RuleValue.Missing,
            4 => RuleValue.Present,
            _ => RuleValue.List([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        };

    private static decimal Number(Random random) =>
        random.Next(3) switch
        {
            0 => random.Next(-100_000, 100_000) / 100m,
            1 => random.Next(2) == 0 ? decimal.MaxValue : decimal.MinValue,
            _ => new(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        };

    private static Timestamp Time(Random random, long atLeast = long.MinValue) =>
        random.Next(10) switch
        {
            0 => Timestamp.Never,
            1 when atLeast < 0 => Timestamp.Beginning,
            2 when atLeast < 0 => new(-random.NextInt64()),
            _ => new(1_700_000_000_000 + random.Next()),
        };

    private static string Describe(CustomerState state)
    {
        var text = new StringBuilder();
        foreach (Trait trait in state.Traits.All)
        {
            text.AppendLine(
                $"{trait.Name} {trait.At.Milliseconds} {(trait.Json is null ? "-" : Convert.ToHexString(trait.Json))}"
            );
        }

        List<ulong> messages = [];
        List<Timestamp> forgetAt = [];
        state.Messages.CopyTo(messages, forgetAt);
        text.AppendJoin(' ', messages.Zip(forgetAt, (key, at) => (key, at.Milliseconds))).AppendLine();
        foreach (Lane? lane in state.Lanes)
        {
            IEnumerable<int> entries = lane is null ? [] : Enumerable.Range(lane.Start, lane.Count);
            text.AppendJoin(' ', entries.Select(i => $"{lane!.TimeAt(i).Milliseconds} {Content(state, lane, i)}"))
                .AppendLine();
        }

        foreach ((int lane, EventArchive archive) in state.Archives)
        {
            text.AppendLine(
                $"{lane}: {string.Join(' ', archive.Events.Select(e => $"{e.At.Milliseconds} {e.Json.Length}"))}"
            );
        }

        text.AppendJoin(' ', state.Bands).AppendLine();
        text.AppendJoin(' ', Enumerable.Range(0, Rules.Slots.Count).Where(state.Holding.Contains)).AppendLine();
        text.AppendJoin(
                ' ',
                Enumerable
                    .Range(0, state.Agenda.Count)
                    .Select(i => (state.Agenda[i].Node, state.Agenda[i].Due.Milliseconds))
            )
            .AppendLine();
        text.AppendJoin(
                ' ',
                state.TrueSince.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value.Milliseconds))
            )
            .AppendLine();
        return text.AppendJoin(' ', Histories(state)).ToString();
    }

    private static string Content(CustomerState state, Lane lane, int entry) =>
        Rules.Lanes[Array.IndexOf(state.Lanes, lane)].Content switch
        {
            LaneContent.Times => "",
            LaneContent.Steps => $"{lane.StepsAt(entry)}",
            _ => $"{lane.ValueAt(entry)}",
        };

    private static IEnumerable<(int, long, long, long)> Histories(CustomerState state) =>
        state
            .Segments.OrderBy(entry => entry.Key)
            .Select(e => (e.Key, e.Value.Transitions, e.Value.Since.Milliseconds, e.Value.LastEnterPush.Milliseconds));
}
