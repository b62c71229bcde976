using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Packs a customer into bytes and back. Layout: a version, then traits, messages, lanes, bands, slots, each with its
/// count. Lanes, features and slots are written by index, so bytes are only read under the rule set (by fingerprint)
/// that wrote them.
/// Not thread-safe.
/// </summary>
internal sealed class CustomerCodec(RuleSet rules)
{
    private const byte Version = 3;

    // Who is unpacked is about to get an event.
    private const int SpareEntries = 2;

    private readonly PackedWriter _writer = new();
    private readonly List<ulong> _messageKeys = [];
    private readonly List<Timestamp> _messageTimes = [];

    /// <summary>The packed state; valid until the next call. Equal states give equal bytes.</summary>
    public ReadOnlySpan<byte> Pack(CustomerState customer)
    {
        _writer.Begin();
        _writer.Byte(Version);
        WriteTraits(customer.Traits);
        WriteMessages(ref customer.Messages);
        WriteLanes(customer.Lanes);
        WriteArchives(customer.Archives);
        WriteBands(customer.Bands);
        WriteSlots(customer);
        return _writer.Written;
    }

    /// <exception cref="InvalidDataException">The bytes are not a customer's state.</exception>
    public CustomerState Unpack(CustomerId id, ReadOnlySpan<byte> packed)
    {
        var reader = new PackedReader(packed);
        byte version = reader.Byte();
        if (version != Version)
        {
            throw new InvalidDataException(
                $"Customer {id} was stored in format {version}; this program reads format {Version}. "
                    + "Use the program that wrote it."
            );
        }

        var customer = rules.NewCustomer(id);
        ReadTraits(ref reader, customer.Traits);
        ReadMessages(ref reader, ref customer.Messages);
        ReadLanes(ref reader, customer.Lanes);
        ReadArchives(ref reader, customer);
        ReadBands(ref reader, customer.Bands);
        ReadSlots(ref reader, customer);
        reader.End();
        return customer;
    }

    private void WriteTraits(TraitSet traits)
    {
        _writer.Count(traits.All.Count);
        foreach (Trait trait in traits.All)
        {
            _writer.String(trait.Name);
            _writer.Time(trait.At);
            _writer.Byte(trait.Json is null ? (byte)0 : (byte)1);
            if (trait.Json is not null)
            {
                _writer.Bytes(trait.Json);
            }
        }
    }

    private static void ReadTraits(ref PackedReader reader, TraitSet traits)
    {
        for (int i = reader.Count(); i > 0; i--)
        {
            string name = reader.String();
            Timestamp at = reader.Time();
            traits.Set(name, at, reader.Byte() == 0 ? default : reader.Bytes());
        }
    }

    private void WriteMessages(ref MessageLedger messages)
    {
        messages.CopyTo(_messageKeys, _messageTimes);
        _writer.Count(_messageKeys.Count);
        for (int i = 0; i < _messageKeys.Count; i++)
        {
            _writer.UInt64(_messageKeys[i]);
            _writer.Time(_messageTimes[i]);
        }
    }

    private static void ReadMessages(ref PackedReader reader, ref MessageLedger messages)
    {
        int count = reader.Items();
        messages.EnsureCapacity(count + SpareEntries);
        for (int i = count; i > 0; i--)
        {
            ulong key = reader.UInt64();
            messages.Restore(key, reader.Time());
        }
    }

    private void WriteLanes(Lane?[] lanes)
    {
        _writer.Count(lanes.Count(lane => lane is { Count: > 0 }));
        for (int index = 0; index < lanes.Length; index++)
        {
            if (lanes[index] is not { Count: > 0 } lane)
            {
                continue;
            }

            LaneContent content = rules.Lanes[index].Content;
            _writer.Count(index);
            _writer.Count(lane.Count);
            for (int i = lane.Start; i < lane.End; i++)
            {
                _writer.Time(lane.TimeAt(i));
                WriteContent(lane, content, i);
            }
        }
    }

    private void WriteContent(Lane lane, LaneContent content, int entry)
    {
        switch (content)
        {
            case LaneContent.Numbers:
                _writer.Number(lane.NumberAt(entry));
                break;
            case LaneContent.Values:
                _writer.Value(lane.ValueAt(entry));
                break;
            case LaneContent.Steps:
                _writer.Int64(lane.StepsAt(entry));
                break;
        }
    }

    private void ReadLanes(ref PackedReader reader, Lane?[] lanes)
    {
        for (int i = reader.Count(); i > 0; i--)
        {
            int index = reader.Index(lanes.Length);
            LaneContent content = rules.Lanes[index].Content;
            int count = reader.Items();
            var lane = new Lane(content, count + SpareEntries);
            for (int entry = 0; entry < count; entry++)
            {
                ReadEntry(ref reader, lane, content);
            }

            lanes[index] = lane;
        }
    }

    private static void ReadEntry(ref PackedReader reader, Lane lane, LaneContent content)
    {
        Timestamp time = reader.Time();
        if (content == LaneContent.Steps)
        {
            lane.InsertSteps(time, unchecked((uint)reader.Int64()));
            return;
        }

        RuleValue value = content switch
        {
            LaneContent.Numbers => RuleValue.Number(reader.Number()),
            LaneContent.Values => reader.Value(),
            _ => RuleValue.Missing,
        };
        lane.Insert(time, value);
    }

    private void WriteArchives(SortedList<int, EventArchive> archives)
    {
        _writer.Count(archives.Count);
        foreach ((int lane, EventArchive archive) in archives)
        {
            _writer.Count(lane);
            _writer.Count(archive.Events.Count);
            foreach ((Timestamp at, byte[] json) in archive.Events)
            {
                _writer.Time(at);
                _writer.Bytes(json);
            }
        }
    }

    private static void ReadArchives(ref PackedReader reader, CustomerState customer)
    {
        for (int i = reader.Count(); i > 0; i--)
        {
            var archive = new EventArchive();
            customer.Archives[reader.Index(customer.Lanes.Length)] = archive;
            for (int entry = reader.Count(); entry > 0; entry--)
            {
                Timestamp at = reader.Time();
                archive.Insert(at, reader.Bytes().ToArray());
            }
        }
    }

    // Those that are not as at the beginning: how many to skip, plus one, and the band; 0 ends.
    private void WriteBands(ushort[] bands)
    {
        int next = 0;
        for (int feature = 0; feature < bands.Length; feature++)
        {
            if (bands[feature] != rules.InitialBands[feature])
            {
                _writer.Count(feature - next + 1);
                _writer.Count(bands[feature]);
                next = feature + 1;
            }
        }

        _writer.Count(0);
    }

    private void ReadBands(ref PackedReader reader, ushort[] bands)
    {
        int next = 0;
        for (int skip = reader.Count(); skip > 0; skip = reader.Count())
        {
            int feature = PackedReader.Checked(next + skip - 1, bands.Length);
            bands[feature] = (ushort)reader.Index(rules.Graph.Bands[feature].Count);
            next = feature + 1;
        }
    }

    private void WriteSlots(CustomerState customer)
    {
        int next = 0;
        for (int slot = customer.Holding.Next(0); slot >= 0; slot = customer.Holding.Next(next))
        {
            _writer.Count(slot - next + 1);
            next = slot + 1;
        }

        _writer.Count(0);
        _writer.Count(customer.Agenda.Count);
        for (int i = 0; i < customer.Agenda.Count; i++)
        {
            (int node, Timestamp due) = customer.Agenda[i];
            _writer.Count(node);
            _writer.Time(due);
        }

        _writer.Count(customer.TrueSince.Count);
        foreach ((int slot, Timestamp since) in customer.TrueSince)
        {
            _writer.Count(slot);
            _writer.Time(since);
        }

        _writer.Count(customer.Segments.Count);
        foreach ((int slot, SegmentHistory history) in customer.Segments)
        {
            _writer.Count(slot);
            _writer.Int64(history.Transitions);
            _writer.Time(history.Since);
            _writer.Time(history.LastEnterPush);
        }
    }

    private static void ReadSlots(ref PackedReader reader, CustomerState customer)
    {
        int slots = customer.Holding.Capacity;
        int nodes = customer.Bands.Length + slots;
        int next = 0;
        for (int skip = reader.Count(); skip > 0; skip = reader.Count())
        {
            int slot = PackedReader.Checked(next + skip - 1, slots);
            customer.Holding.Add(slot);
            next = slot + 1;
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            int node = reader.Index(nodes);
            customer.Agenda.Set(node, reader.Time());
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            int slot = reader.Index(slots);
            customer.TrueSince[slot] = reader.Time();
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            int slot = reader.Index(slots);
            long transitions = reader.Int64();
            Timestamp since = reader.Time();
            customer.Segments[slot] = new(transitions, since, reader.Time());
        }
    }
}
