using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>Request Tracker 5 on a SQLite file, with the queue <c>VIP</c> and the user <c>bot</c>.</summary>
internal sealed class RequestTrackerServer() : LocalServer("rt")
{
    public const string Password = "bot-s3cret";

    /// <summary>What its package is known by on the machine.</summary>
    public const string Program = "rt-setup-database-5";

    private readonly HttpClient _client = new();

    public string Url => $"http://127.0.0.1:{Port}";

    public static Task<RequestTrackerServer> StartAsync() =>
        StartAsync(new RequestTrackerServer(), server => server.RunAsync());

    /// <summary>Reads below REST2, as the bot.</summary>
    public async Task<JsonElement> ReadAsync(string path)
    {
        using var response = await AskAsync(HttpMethod.Get, path, body: null);
        response.EnsureSuccessStatusCode();
        return Pushes.Json(await response.Content.ReadAsByteArrayAsync());
    }

    public async Task ChangeAsync(string path, string body)
    {
        using var response = await AskAsync(HttpMethod.Put, path, body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What was said in a ticket, oldest first.</summary>
    public async Task<string> ReadContentAsync(string attachment)
    {
        var read = await ReadAsync($"attachment/{attachment}");
        return Encoding.UTF8.GetString(Convert.FromBase64String(read.GetProperty("Content").GetString()!));
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Asks again where the server, which serves one connection after the other, resets one unread.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? body)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var request = Request(method, path, body);
                return await _client.SendAsync(request);
            }
            catch (HttpRequestException) when (attempt < 5)
            {
                await WaitForPortAsync();
            }
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, string? body) =>
        new(method, $"{Url}/REST/2.0/{path}")
        {
            Headers =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes($"bot:{Password}"))
                ),
            },
            Content = body is null ? null : new StringContent(body, new UTF8Encoding(false), "application/json"),
        };

    private async Task RunAsync()
    {
        string root = Root.FullName;
        foreach (string directory in new[] { "conf.d", "mason", "sessions", "var" })
        {
            Root.CreateSubdirectory(directory);
        }

        string settings = Path.Combine(root, "settings.pm");
        string data = Path.Combine(root, "initialdata.pl");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "RequestTracker", "initialdata.pl"), data);
        await File.WriteAllTextAsync(settings, Settings(root));
        string run = $"""
            {Programs.Find(Program)} --action init --skip-create &&
            {Programs.Find(Program)} --action insert --datafile {data} &&
            exec /usr/share/request-tracker5/libexec/rt-server --server Standalone --host 127.0.0.1 --port {Port}
            """;
        await RunAsync(
            "www-data",
            "/bin/sh",
            ["-c", run],
            [("RT_SITE_CONFIG", settings), ("RT_SITE_CONFIG_DIR", Path.Combine(root, "conf.d"))]
        );
        await WaitForPortAsync();
    }

    private string Settings(string root) =>
        $"""
            Set($rtname, 'example.com'); Set($Organization, 'example.com');
            Set($WebDomain, '127.0.0.1'); Set($WebPort, {Port}); Set($WebPath, ''); Set($WebBaseURL, '{Url}');
            Set($DatabaseType, 'SQLite'); Set($DatabaseName, '{root}/rtdb');
            Set($LogToSyslog, undef); Set($LogToSTDERR, 'warning'); Set($MailCommand, 'testfile');
            $RT::MasonDataDir = '{root}/mason'; $RT::MasonSessionDir = '{root}/sessions'; $RT::VarPath = '{root}/var';
            1;
            """;
}
