using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;

namespace StreamSegmenter.EndToEnd.Tests.Operation;

/// <summary>
/// A node whose policy lets some pushes go, keeps some back, ends some and joins some: each transition's push is told
/// by the API once, with the reason that follows from its customer, and the receiver has those that were delivered.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class PolicyTests
{
    private const string Secret = "an-api-secret-of-these-tests";
    private const int Customers = 24;
    private const int HoldoutPercent = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] States =
    [
        "pending",
        "delivered",
        "dropped",
        "merged",
        "dead",
        "unknown",
        "held",
        "discarded",
    ];

    // Each segment is entered once by each customer, and pushes once.
    private static readonly string[] Segments = ["bought", "spent", "asked", "tried", "saw-shoes", "saw-hats"];

    [Fact]
    public async Task Every_transition_has_one_push_that_ends_as_policy_says()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(static () => ReceiverMood.TakeIt);
        int port = FreePort.Find();
        using NodeDirectory directory = new(Configuration(receiver, port));
        await using SegmenterProcess node = directory.Run();
        await node.MustBecomeReadyAsync(directory.Address);
        using HttpClient api = new() { BaseAddress = new($"http://127.0.0.1:{port}") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret);

        await SendAsync(directory.Address);
        IReadOnlyList<ToldPush> pushes = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                // One that ends between two of its requests is told twice: those of a list are of different moments.
                pushes = await ListAsync(api);
                return pushes.Count == Customers * Segments.Length
                    && pushes.Count(push => push.State != "pending") == Customers * 5;
            },
            Limit,
            () => $"some pushes wait that should not: {string.Join('\n', pushes)}\n{node.Errors}"
        );

        long members = await CountMembersAsync(api);
        members.ShouldBe(Customers * Segments.Length);
        pushes.Count.ShouldBe((int)members);
        pushes.Select(push => push.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(pushes.Count);
        foreach (int customer in Enumerable.Range(0, Customers))
        {
            var told = pushes.Where(push => push.Customer == Name(customer));
            told.Select(push => $"{push.Connector}: {push.State} {push.Reason}".TrimEnd())
                .Order(StringComparer.Ordinal)
                .ShouldBe(Expected(customer).Order(StringComparer.Ordinal), Name(customer));
        }

        receiver
            .Taken.Select(push => push.Id)
            .ShouldBe(pushes.Where(push => push.State == "delivered").Select(push => push.Id), ignoreOrder: true);
        receiver.Complaints.ShouldBeEmpty();
    }

    private static string Name(int customer) => string.Create(CultureInfo.InvariantCulture, $"customer-{customer}");

    /// <summary>Worked out from the configuration below, by hand.</summary>
    private static IEnumerable<string> Expected(int customer)
    {
        string[] sales = (customer % 3) switch
        {
            0 => ["mail: delivered", "mail: dropped over-cap"],
            1 => ["mail: dropped refused", "mail: dropped refused"],
            _ => ["mail: dropped no-consent", "mail: dropped no-consent"],
        };
        return
        [
            .. sales,
            "phone: pending quiet-hours",
            IsHeldOut(customer) ? "trial: dropped holdout" : "trial: delivered",
            "news: delivered",
            "news: merged digest",
        ];
    }

    // As docs/policy.md tells anybody to look it up.
    private static bool IsHeldOut(int customer)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"streamsegmenter/tried/{Name(customer)}"));
        ulong place = ulong.Parse(
            Convert.ToHexString(hash)[..16],
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
        return place < ulong.MaxValue / 100 * HoldoutPercent;
    }

    private static string Configuration(WebhookReceiver receiver, int port)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return $$"""
            api { listen = "127.0.0.1:{{port}}", secret = "{{Secret}}" }
            connectors {
            {{receiver.Connector("mail")}}
            {{receiver.Connector("phone")}}
            {{receiver.Connector("trial")}}
            {{receiver.Connector("news")}}
            }
            connectors {
              mail.policy { channel = email, purpose = marketing }
              phone.policy { channel = sms, purpose = service }
              news.policy { channel = app, purpose = service }
            }
            segments {
              bought { rule = "exists(order)", on-enter = [ { to = mail, over-cap = drop } ] }
              spent { rule = "sum(order.amount) > 100", on-enter = [ { to = mail, over-cap = drop } ] }
              asked { rule = "exists(order)", on-enter = [ { to = phone } ] }
              tried { rule = "exists(order)", on-enter = [ { to = trial } ], holdout = {{HoldoutPercent}} }
              saw-shoes { rule = "exists(shoes)", on-enter = [ { to = news, digest = 2s } ] }
              saw-hats { rule = "exists(hats)", on-enter = [ { to = news, digest = 2s } ] }
            }
            time-zone = UTC
            policy {
              channels.sms.quiet-hours { from = "{{now.AddHours(-2):HH:mm}}", to = "{{now.AddHours(2):HH:mm}}" }
              caps = [ { channel = email, at-most = 1, within = 7d } ]
            }
            """;
    }

    private static async Task SendAsync(Uri node)
    {
        var events = Enumerable
            .Range(0, Customers)
            .SelectMany(customer =>
            {
                string about = $"\"userId\":\"{Name(customer)}\",\"messageId\":\"{customer}";
                string consent = (customer % 3) switch
                {
                    0 => """{"consent":{"email":{"marketing":true}}}""",
                    1 => """{"consent":{"email":{"marketing":false}}}""",
                    _ => "{}",
                };
                return new[]
                {
                    $$"""{"type":"identify",{{about}}-0","traits":{{consent}}}""",
                    $$$"""{"type":"track","event":"order",{{{about}}}-1","properties":{"amount":150}}""",
                    $$"""{"type":"track","event":"shoes",{{about}}-2"}""",
                    $$"""{"type":"track","event":"hats",{{about}}-3"}""",
                };
            });
        using HttpClient http = new() { BaseAddress = node };
        using StringContent body = new($$"""{"batch":[{{string.Join(',', events)}}]}""", Encoding.UTF8);
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/v1/batch", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<ToldPush>> ListAsync(HttpClient api)
    {
        List<ToldPush> pushes = [];
        foreach (string state in States)
        {
            string? next = "";
            while (next is not null)
            {
                string after = next.Length == 0 ? "" : $"&after={next}";
                using JsonDocument page = await GetAsync(api, $"/v1/pushes?state={state}&limit=50{after}");
                pushes.AddRange(page.RootElement.GetProperty("pushes").EnumerateArray().Select(ToldPush.Read));
                next = page.RootElement.GetProperty("next").GetString();
            }
        }

        return pushes;
    }

    private static async Task<long> CountMembersAsync(HttpClient api)
    {
        using JsonDocument answer = await GetAsync(api, "/v1/segments");
        var told = answer.RootElement.GetProperty("segments").EnumerateArray().ToList();
        told.Select(segment => segment.GetProperty("name").GetString()).ShouldBe(Segments, ignoreOrder: true);
        return told.Sum(segment => segment.GetProperty("members").GetInt64());
    }

    private static async Task<JsonDocument> GetAsync(HttpClient api, string path) =>
        JsonDocument.Parse(await api.GetStringAsync(new Uri(path, UriKind.Relative)));

    /// <summary>A push as the API tells of it.</summary>
    /// <param name="Reason">The code that its reason begins with; empty for what was delivered.</param>
    private sealed record ToldPush(string Id, string Customer, string Connector, string State, string Reason)
    {
        public static ToldPush Read(JsonElement push)
        {
            string Text(string name) => push.GetProperty(name).GetString() ?? "";
            return new(
                Text("id"),
                Text("customer"),
                Text("connector"),
                Text("state"),
                Text("reason").Split(':', ' ')[0]
            );
        }
    }
}
