using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>The chat server ejabberd, with the accounts <c>bot</c> and <c>ann</c>.</summary>
internal sealed class EjabberdServer() : LocalServer("ejabberd")
{
    public const string BotPassword = "bot-s3cret";

    private const string AnnPassword = "ann-s3cret";

    private const string Register = """
        R = fun F(U, P) ->
          case catch ejabberd_auth:try_register(U, <<"localhost">>, P) of
            ok -> ok;
            _ -> timer:sleep(50), F(U, P)
          end
        end,
        R(<<"bot">>, <<"BOT">>), R(<<"ann">>, <<"ANN">>).
        """;

    private readonly int _xmppPort = FreePort();

    /// <summary>What its package is known by on the machine.</summary>
    public const string Program = "ejabberdctl";

    public string Api => $"http://localhost:{Port}/api";

    public static Task<EjabberdServer> StartAsync() => StartAsync(new EjabberdServer(), server => server.RunAsync());

    /// <summary>The text of the message that waits for ann, as a chat client receives it.</summary>
    public Task<string> ReadMessageAsync() => XmppReader.ReadMessageAsync(_xmppPort, "ann", AnnPassword);

    private async Task RunAsync()
    {
        string template = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "HttpApi", "ejabberd.yml")
        );
        string configuration = Path.Combine(Root.FullName, "ejabberd.yml");
        await File.WriteAllTextAsync(
            configuration,
            template.Replace("XMPP_PORT", Text(_xmppPort)).Replace("HTTP_PORT", Text(Port))
        );
        string register = Register.Replace("BOT", BotPassword).Replace("ANN", AnnPassword).ReplaceLineEndings(" ");
        await RunAsync(
            "ejabberd",
            Programs.Find("erl")!,
            ["-noinput", "-mnesia", "dir", $"\"{Root.FullName}/db\"", "-s", "ejabberd", "-eval", register],
            [
                ("ERL_LIBS", Libraries()),
                ("EJABBERD_CONFIG_PATH", configuration),
                ("EJABBERD_LOG_PATH", Path.Combine(Root.FullName, "ejabberd.log")),
                ("HOME", Root.FullName),
            ]
        );
        await WaitForPortAsync();
        await WaitAsync(IsReadyAsync);
    }

    // The API answers once both accounts are there.
    private async Task<bool> IsReadyAsync()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Api}/get_offline_count")
        {
            Content = new StringContent("""{"user":"ann","server":"localhost"}"""),
        };
        request.Content.Headers.ContentType = new("application/json");
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"bot@localhost:{BotPassword}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", login);
        using var response = await client.SendAsync(request);
        return response.StatusCode == HttpStatusCode.OK;
    }

    // Debian keeps it below the directory of the machine's architecture.
    private static string Libraries() =>
        Directory
            .GetDirectories("/usr/lib")
            .First(directory => Directory.GetDirectories(directory, "ejabberd-*").Length > 0);
}
