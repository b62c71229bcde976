using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Queries;
using StreamSegmenter.Node.Tests.Configuration;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.InMemory;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Queries;

/// <summary>Two nodes over one log and one store, each with half of the shards and an API of its own.</summary>
public sealed class CustomerQueryTests : IAsyncLifetime
{
    private const int Partitions = 4;
    private const string Secret = "a secret of the cluster";

    private readonly InMemoryEventLog _log = new(Partitions, TimeProvider.System);
    private readonly InMemoryStateStore _store = new();
    private readonly HttpClient _http = new();
    private TestNode _a = null!;
    private TestNode _b = null!;

    public async Task InitializeAsync()
    {
        _http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);
        _a = await TestNode.StartAsync(_log, _store, [0, 1]);
        _b = await TestNode.StartAsync(_log, _store, [2, 3]);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Each_node_answers_for_every_customer()
    {
        string here = CustomerIn(0);
        string there = CustomerIn(3);
        await AppendAsync(Identify(here), Visit(here), Identify(there), Visit(there));

        foreach (string customer in new[] { here, there })
        {
            foreach (TestNode node in new[] { _a, _b })
            {
                JsonElement found = await EventuallyAsync(node, customer, HttpStatusCode.OK, segments: 1);
                found.GetProperty("customer").GetString().ShouldBe(customer);
                found.GetProperty("source").GetString().ShouldBe("owner");
                found.GetProperty("stale").GetBoolean().ShouldBeFalse();
                found.GetProperty("traits").GetProperty("plan").GetString().ShouldBe("gold & <b>");
                found.GetProperty("segments")[0].GetProperty("name").GetString().ShouldBe("seen");
                found
                    .GetProperty("segments")[0]
                    .GetProperty("since")
                    .GetDateTimeOffset()
                    .Year.ShouldBeGreaterThan(2000);
            }
        }
    }

    [Fact]
    public async Task Somebody_unknown_is_not_found_anywhere()
    {
        foreach (TestNode node in new[] { _a, _b })
        {
            JsonElement found = await EventuallyAsync(node, CustomerIn(2), HttpStatusCode.NotFound);
            found.GetProperty("error").GetString().ShouldBe("nobody is known by this id");
            found.GetProperty("stale").GetBoolean().ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Without_its_owner_a_customer_is_answered_from_the_store_and_marked_stale()
    {
        string customer = CustomerIn(3, "an id/with all: % & + ü");
        await AppendAsync(Visit(customer));
        await EventuallyAsync(_a, customer, HttpStatusCode.OK, segments: 1);

        await _b.DisposeAsync();

        JsonElement found = await EventuallyAsync(_a, customer, HttpStatusCode.OK);
        found.GetProperty("source").GetString().ShouldBe("store");
        found.GetProperty("stale").GetBoolean().ShouldBeTrue();
        found.GetProperty("segments")[0].GetProperty("name").GetString().ShouldBe("seen");
        found.TryGetProperty("traits", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_in_time_is_not_waited_for()
    {
        string customer = CustomerIn(3);
        await AppendAsync(Visit(customer));
        await EventuallyAsync(_a, customer, HttpStatusCode.OK, segments: 1);
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await _store.AcquireAsync(new(3), Partitions, $"http://{silent.LocalEndpoint}/", default);

        JsonElement found = await EventuallyAsync(_a, customer, HttpStatusCode.OK);
        found.GetProperty("source").GetString().ShouldBe("store");
    }

    [Fact]
    public async Task A_node_that_is_asked_by_another_asks_nobody_else()
    {
        Uri address = QueryEndpoints.PeerAddress(_a.Address, new(CustomerIn(3)));

        using HttpResponseMessage answer = await _http.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic a secret of the cluster")]
    [InlineData("Bearer a secret of the clusterX")]
    public async Task Who_does_not_know_the_secret_is_told_nothing(string? header)
    {
        foreach (string path in new[] { "/v1/customers?id=u1", "/v1/segments", "/v1/customers?id=u1&here=true" })
        {
            using HttpClient stranger = new();
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_a.Address, path));
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using HttpResponseMessage answer = await stranger.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ShouldBe([new AuthenticationHeaderValue("Bearer")]);
        }
    }

    [Theory]
    [InlineData("/v1/customers")]
    [InlineData("/v1/customers?id=")]
    [InlineData("/v1/customers?id=a&id=b")]
    public async Task A_question_must_name_one_customer(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(_a.Address, path));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("name one customer");
    }

    [Fact]
    public async Task Members_are_counted_over_all_nodes()
    {
        await AppendAsync([.. Enumerable.Range(0, 10).Select(i => Visit($"u{i}"))]);
        foreach (int i in Enumerable.Range(0, 10))
        {
            await EventuallyAsync(_b, $"u{i}", HttpStatusCode.OK, segments: 1);
        }

        string json = await _http.GetStringAsync(new Uri(_a.Address, "/v1/segments"));

        json.ShouldBe("""{"segments":[{"name":"seen","members":10}]}""");
    }

    private static string CustomerIn(int shard, string prefix = "u") =>
        Enumerable
            .Range(0, 1000)
            .Select(i => $"{prefix}{i}")
            .First(id => Murmur2.PartitionOf(new CustomerId(id), Partitions) == new PartitionId(shard));

    private static NewRecord Visit(string id) => Record(id, """ "type":"track","event":"visit" """);

    private static NewRecord Identify(string id) =>
        Record(id, """ "type":"identify","traits":{"plan":"gold & <b>"} """);

    private static NewRecord Record(string id, string fields) =>
        new(new(id), Encoding.UTF8.GetBytes($$"""{{{fields}},"userId":{{JsonSerializer.Serialize(id)}}}"""));

    private Task AppendAsync(params NewRecord[] records) => _log.AppendAsync(records, default).AsTask();

    /// <summary>Asks until the shards have come as far as the test.</summary>
    private async Task<JsonElement> EventuallyAsync(
        TestNode node,
        string customer,
        HttpStatusCode status,
        int? segments = null
    )
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var address = new Uri(node.Address, $"/v1/customers?id={Uri.EscapeDataString(customer)}");
        while (true)
        {
            using HttpResponseMessage answer = await _http.GetAsync(address, late.Token);
            JsonElement json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(late.Token)).RootElement;
            bool complete =
                segments is null
                || (
                    json.TryGetProperty("segments", out JsonElement found)
                    && found.GetArrayLength() == segments
                    && json.GetProperty("source").GetString() == "owner"
                );
            if (answer.StatusCode == status && complete)
            {
                return json;
            }
        }
    }

    private sealed class TestNode : IShardObserver, IShardCompanion, IAsyncDisposable
    {
        private readonly ShardGroup _shards;
        private readonly WebApplication _web;
        private readonly PeerClient _peers;
        private bool _disposed;

        private TestNode(IEventLogReader log, InMemoryStateStore store, IPEndPoint listen)
        {
            NodeConfiguration configuration = Loading.Loaded("segments.seen.rule = \"exists(visit)\"");
            NodeSettings settings = NodeSettingsFactory.Create(
                configuration,
                TimeProvider.System,
                TextWriter.Null,
                NullLoggerFactory.Instance
            );
            NodeName name = NodeName.Of(advertise: null, listen);
            Address = NodeName.AddressIn(name.Value)!;
            BearerSecret secret = new(Secret);
            _shards = new(
                settings,
                new(log, store, store, store, store, new OutboxSignal(), this, TimeProvider.System),
                this,
                name.Value
            );
            _peers = new(name, secret, TimeSpan.FromSeconds(1), TimeProvider.System);
            _web = WebHost.Build(listen, 1 << 16, NullLoggerFactory.Instance);
            new QueryEndpoints(new(_shards, Partitions, store, store, _peers), store, new(secret)).Map(_web);
        }

        public Uri Address { get; }

        public static async Task<TestNode> StartAsync(IEventLogReader log, InMemoryStateStore store, int[] shards)
        {
            TestNode node = new(log, store, new(IPAddress.Loopback, FreePort()));
            await node._web.StartAsync();
            node._shards.Start(new FixedAssignment([.. shards.Select(shard => new ShardId(shard))]));
            return node;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_disposed)
            {
                _disposed = true;
                await _web.DisposeAsync();
                await _shards.DisposeAsync();
                _peers.Dispose();
            }
        }

        public void Begin(ShardId shard) { }

        public void CaughtUp(ShardId shard) { }

        public Task EndAsync(ShardId shard) => Task.CompletedTask;

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) { }

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }

        private static int FreePort()
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }

    private sealed class FixedAssignment(IReadOnlyList<ShardId> shards) : IShardAssignment
    {
        public async Task RunAsync(IShardHost host, CancellationToken stop)
        {
            host.Take(shards);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.ReleaseAsync(shards);
        }
    }
}
