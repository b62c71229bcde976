using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Consents;

/// <summary>
/// However consents come in, late, twice, by either way: rules, profiles and what policies read say what follows from
/// everything said, looked at as a whole.
/// </summary>
public sealed class ConsentPropertyTests
{
    private static readonly string[] s_channels = ["email", "sms"];
    private static readonly string?[] s_purposes = [null, "marketing", "service"];
    private static readonly string[] s_answers = ["true", "false", "null", "\"yes\"", "1"];

    [Fact]
    public void Rules_profiles_and_policies_agree_with_the_whole_history() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int>(Holds));

    private static void Holds(int seed)
    {
        Random random = new(seed);
        Sink sink = new();
        SegmentActions[] segments =
        [
            Scripted.Segment("may-mail", "consent(\"email\")"),
            Scripted.Segment("may-market", "profile.consent.email.marketing and not (consent(\"sms\") = false)"),
        ];
        ShardLimits limits = new(EventLimits.Default, HotCustomers: 1, MaxTimelineEntries: 100);
        SegmentationShard shard = new(Scripted.Compile(segments), limits, sink, sink);
        List<Said> said = [];
        HashSet<string> messages = [];
        long log = 100_000;
        for (int i = 0; i < 40; i++)
        {
            log += random.Next(3);
            string customer = $"c{random.Next(2)}";
            string message = $"m{random.Next(60)}";
            long at = log - random.Next(12);
            List<Said> told = [];
            string json = Event(random, customer, message, at, told);
            shard
                .Apply(new(log), new(customer), Encoding.UTF8.GetBytes(json))
                .Outcome.ShouldNotBe(ApplyOutcome.Rejected);
            if (messages.Add($"{customer} {message}"))
            {
                // What is said of a channel as a whole comes before what the same event says of its purposes.
                said.AddRange(told.OrderBy(one => one.Purpose is not null));
            }

            Agrees(shard, sink, said, customer);
        }

        sink.Statements.Select(s => new Said(s.Customer.Value, s.Channel, s.Purpose, s.Granted, s.At.Milliseconds))
            .ShouldBe(said);
    }

    private static void Agrees(SegmentationShard shard, Sink sink, List<Said> said, string customer)
    {
        Said[] own = [.. said.Where(s => s.Customer == customer)];
        var expected = (
            from channel in s_channels
            from purpose in s_purposes
            let holds = Expected(own, channel, purpose)
            where holds is not null
            select (channel, purpose, holds.Value)
        ).ToArray();

        IReadOnlyList<Consent> current = CurrentConsents.Of(
            sink.Statements.Select((s, position) => new ConsentRecord(new(position), s))
                .Where(record => record.Statement.Customer.Value == customer)
        );
        current.Select(consent => (consent.Channel, consent.Purpose, consent.Granted)).ShouldBe(expected);

        CustomerSnapshot snapshot = shard.Snapshot(new(customer)).ShouldNotBeNull();
        ConsentsOf(snapshot.Traits).ShouldBe(expected);
        bool mails = expected.Contains(("email", null, true));
        bool markets = expected.Contains(("email", "marketing", true)) && !expected.Contains(("sms", null, false));
        snapshot
            .Segments.Select(segment => segment.Segment.Value)
            .ShouldBe(new[] { mails ? "may-mail" : null, markets ? "may-market" : null }.OfType<string>());
    }

    // What the text says: of the own ones the newest, unless everything was taken back or the channel refused after it.
    private static bool? Expected(Said[] said, string channel, string? purpose)
    {
        Said[] inOrder = [.. said.OrderBy(s => s.At)];
        int own = Array.FindLastIndex(inOrder, s => s.Channel == channel && s.Purpose == purpose);
        int forgotten = Array.FindLastIndex(inOrder, s => s.Channel.Length == 0);
        int refused = Array.FindLastIndex(inOrder, s => s.Channel == channel && s is { Purpose: null, Granted: false });
        return own < 0 || own < forgotten || inOrder[own].Granted is null ? null
            : refused > own ? false
            : inOrder[own].Granted;
    }

    private static IEnumerable<(string, string?, bool)> ConsentsOf(ReadOnlyMemory<byte> traits)
    {
        using var document = JsonDocument.Parse(traits);
        if (!document.RootElement.TryGetProperty("consent", out JsonElement consent))
        {
            return [];
        }

        return
        [
            .. consent
                .EnumerateObject()
                .SelectMany(channel =>
                    channel.Value.ValueKind == JsonValueKind.Object
                        ? channel.Value.EnumerateObject().Select(p => (channel.Name, p.Name, p.Value.GetBoolean()))
                        : [(channel.Name, "*", channel.Value.GetBoolean())]
                )
                .Select(c => (c.Item1, c.Item2 == "*" ? null : c.Item2, c.Item3)),
        ];
    }

    private static string Event(Random random, string customer, string message, long at, List<Said> told)
    {
        string time = new Timestamp(at).ToString();
        string body = random.Next(5) switch
        {
            0 => "\"type\":\"track\",\"event\":\"other\",\"properties\":{\"channel\":\"email\",\"granted\":true}",
            1 or 2 => Updated(),
            _ => $"\"type\":\"identify\",\"traits\":{{\"plan\":\"pro\"{Trait()}}}",
        };
        return $"{{\"userId\":\"{customer}\",\"messageId\":\"{message}\",\"timestamp\":\"{time}\",{body}}}";

        string Updated()
        {
            string channel = s_channels[random.Next(2)];
            string? purpose = s_purposes[random.Next(3)];
            string answer = Answer(channel, purpose);
            string named = purpose is null
                ? random.Next(2) == 0
                    ? ""
                    : ",\"purpose\":\"*\""
                : $",\"purpose\":\"{purpose}\"";
            return "\"type\":\"track\",\"event\":\"Consent Updated\",\"properties\":"
                + $"{{\"channel\":\"{channel}\"{named},\"granted\":{answer}}}";
        }

        string Trait()
        {
            if (random.Next(8) == 0)
            {
                told.Add(new(customer, "", null, null, at));
                return ",\"consent\":null";
            }

            return $",\"consent\":{{{string.Join(',', s_channels.Where(_ => random.Next(2) == 0).Select(Channel))}}}";
        }

        string Channel(string channel)
        {
            if (random.Next(2) == 0)
            {
                return $"\"{channel}\":{Answer(channel, null)}";
            }

            string[] purposes =
            [
                .. s_purposes
                    .Where(_ => random.Next(2) == 0)
                    .Select(purpose => $"\"{purpose ?? "*"}\":{Answer(channel, purpose)}"),
            ];
            return $"\"{channel}\":{{{string.Join(',', purposes)}}}";
        }

        string Answer(string channel, string? purpose)
        {
            string answer = s_answers[random.Next(random.Next(4) == 0 ? s_answers.Length : 2)];
            if (answer is "true" or "false" or "null")
            {
                told.Add(new(customer, channel, purpose, answer == "null" ? null : answer == "true", at));
            }

            return answer;
        }
    }

    private sealed record Said(string Customer, string Channel, string? Purpose, bool? Granted, long At);

    private sealed class Sink : ITransitionSink, IConsentSink
    {
        public List<ConsentStatement> Statements { get; } = [];

        public void OnConsent(ConsentStatement statement)
        {
            statement.MessageId.ShouldNotBeNull();
            Statements.Add(statement);
        }

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) { }
    }
}
