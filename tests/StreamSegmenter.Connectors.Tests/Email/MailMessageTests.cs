using System.Text;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Email;

public sealed class MailMessageTests
{
    [Fact]
    public void A_plain_message_is_these_bytes()
    {
        Lines(Write("Hello", "Grüße,\na=b \n.\n", html: null))
            .ShouldBe([
                "From: Shop",
                " <shop@example.com>",
                "To: ann@example.com",
                "Subject: Hello",
                "Date: Fri, 31 Jan 2020 12:00:00 +0000",
                $"Message-ID: <{Pushes.Id}@example.com>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                "Gr=C3=BC=C3=9Fe,",
                "a=3Db=20",
                ".",
                "",
            ]);
    }

    [Fact]
    public void A_message_with_html_has_both_as_alternatives_the_richer_last()
    {
        Lines(Write("Hello", "text", "<p>html</p>"))[8..]
            .ShouldBe([
                "Content-Type: multipart/alternative;",
                $" boundary=\"=_{Pushes.Id}\"",
                "",
                $"--=_{Pushes.Id}",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                "text",
                "",
                $"--=_{Pushes.Id}",
                "Content-Type: text/html; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                "<p>html</p>",
                "",
                $"--=_{Pushes.Id}--",
                "",
            ]);
    }

    [Theory]
    [InlineData("Grüße", "=?utf-8?B?R3LDvMOfZQ==?=")]
    [InlineData("=?utf-8?Q?x?=", "=?utf-8?B?PT91dGYtOD9RP3g/PQ==?=")]
    [InlineData("a  b", "=?utf-8?B?YSAgYg==?=")]
    public void A_subject_is_encoded_where_it_must_be(string subject, string expected) =>
        MailHeader.Unstructured(subject, 9).ShouldBe(expected);

    [Fact]
    public void An_empty_subject_is_empty() => MailHeader.Unstructured("", 9).ShouldBeEmpty();

    [Fact]
    public void Long_text_becomes_base64_where_that_is_shorter()
    {
        var lines = Lines(Write("Hello", string.Concat(Enumerable.Repeat("漢字", 100)), html: null));

        string.Join('\n', lines).ShouldContain("Content-Transfer-Encoding: base64");
        lines.ShouldAllBe(line => line.Length <= 76);
    }

    [NeedsFact("python3")]
    public async Task Whatever_customers_are_called_mail_says_exactly_that_and_nothing_else()
    {
        var messages = NaughtyStrings.All.Select(name => Write(SingleLine.Of(name), name, name)).ToList();

        var read = await MailReader.ReadAsync(messages);

        read.Count.ShouldBe(NaughtyStrings.All.Count);
        foreach (var (mail, name) in read.Zip(NaughtyStrings.All, (mail, name) => (mail, name)))
        {
            mail.Defects.ShouldBeEmpty(name);
            mail.Headers.Select(header => header[0])
                .ShouldBe(
                    ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"],
                    name
                );
            mail.Header("Subject").ShouldBe(SingleLine.Of(name));
            mail.Parts.Select(part => part.Type).ShouldBe(["text/plain", "text/html"]);
            mail.Parts.ShouldAllBe(part => Unbroken(part.Text) == Unbroken(name));
        }
    }

    [Fact]
    public void Whatever_customers_are_called_lines_are_short_and_ascii()
    {
        foreach (string name in NaughtyStrings.All)
        {
            byte[] bytes = Write(SingleLine.Of(name), name, name);

            bytes.ShouldAllBe(b => (b >= ' ' && b <= '~') || b == '\r' || b == '\n');
            Lines(bytes).ShouldAllBe(line => line.Length <= 78 && !line.Contains('\r') && !line.Contains('\n'));
        }
    }

    [Fact]
    public void A_dot_at_the_beginning_of_a_line_is_doubled()
    {
        string stuffed = Encoding.ASCII.GetString(DotStuffing.Apply(".a\r\n.\r\nb.\r\n..c\r\n"u8.ToArray()).Span);

        stuffed.ShouldBe("..a\r\n..\r\nb.\r\n...c\r\n");
    }

    private static byte[] Write(string subject, string text, string? html)
    {
        Mailbox.TryParse("Shop <shop@example.com>", out var from).ShouldBeTrue();
        EmailAddress.TryParse("ann@example.com", out var to).ShouldBeTrue();
        var date = new DateTimeOffset(2020, 1, 31, 14, 0, 0, TimeSpan.FromHours(2));
        return new MailMessage(
            new PushId(Pushes.Id),
            "example.com",
            from,
            null,
            date,
            new MailContent(to, subject, text, html, Unsubscribe: null)
        ).ToBytes();
    }

    private static string[] Lines(byte[] message) => Encoding.ASCII.GetString(message).Split("\r\n");

    // Mail knows one kind of line end, and a text's last line always has it.
    private static string Unbroken(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n').TrimEnd('\n');
}
