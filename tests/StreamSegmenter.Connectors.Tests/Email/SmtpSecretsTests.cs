using System.Text;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Email;

/// <summary>Servers repeat the commands that they refuse, and the login is one.</summary>
public sealed class SmtpSecretsTests
{
    private const string Username = "shop";

    [Theory]
    [InlineData("SMTPPASSWORD42")]
    [InlineData("Zq7")]
    public async Task Whatever_a_server_repeats_of_the_login_is_not_reported(string password)
    {
        string plain = Base64($"\0{Username}\0{password}");
        string[] forms = [plain, Base64(Username), Base64(password), password];
        foreach (string form in forms)
        {
            foreach (string stage in (string[])["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."])
            {
                string detail = await DetailAsync(password, (stage, $"500 5.5.1 Command unrecognized: \"{form}\""));

                detail.ShouldEndWith(": 500 5.5.1 Command unrecognized: \"***\"");
            }

            (await DetailAsync(password, ("greeting", $"hello {form}"))).ShouldContain("said 'hello ***'");
        }
    }

    [Fact]
    public async Task An_answer_to_a_prompt_is_not_reported()
    {
        await using var peer = new SmtpPeer
        {
            Extensions = "250 AUTH LOGIN",
            Replies =
            {
                ["AUTH LOGIN"] = "334 VXNlcm5hbWU6",
                [Base64(Username)] = "334 UGFzc3dvcmQ6",
                [Base64("SMTPPASSWORD42")] = $"500 what is {Base64("SMTPPASSWORD42")}?",
            },
        };

        (await DetailAsync(peer, "SMTPPASSWORD42")).ShouldBe("SMTP login: 500 what is ***?");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(27)]
    public async Task A_login_that_the_server_cut_is_not_reported(int length)
    {
        string cut = Base64($"\0{Username}\0SMTPPASSWORD42")[..length];

        string detail = await DetailAsync("SMTPPASSWORD42", ("AUTH", $"500 no \"AUTH PLAIN {cut}..."));

        detail.ShouldBe("SMTP login: 500 no \"AUTH PLAIN ***...");
    }

    private static async Task<string> DetailAsync(string password, (string Command, string Reply) refusal)
    {
        await using var peer = new SmtpPeer { Replies = { [refusal.Command] = refusal.Reply } };
        return await DetailAsync(peer, password);
    }

    private static async Task<string> DetailAsync(SmtpPeer peer, string password)
    {
        var connector = TestServices.Connector(
            new EmailOptions
            {
                Host = "127.0.0.1",
                Port = peer.Port,
                Security = MailSecurity.None,
                Username = Username,
                Password = new(password),
                AllowPlaintextLogin = true,
                From = "Shop <shop@example.com>",
            }
        );
        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        await ((IAsyncDisposable)connector).DisposeAsync();
        return result.Detail;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
