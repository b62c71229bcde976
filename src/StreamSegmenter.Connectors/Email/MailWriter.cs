using System.Globalization;
using System.Text;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// Writes a message by RFC 5322 and MIME, all ASCII. Message id, date and boundary come from the message alone, so
/// that they are those of the first attempt at every later one.
/// </summary>
internal sealed class MailWriter(MailMessage mail)
{
    private readonly StringBuilder _written = new();

    public byte[] Write()
    {
        Header("From", MailHeader.Of(mail.From));
        if (mail.ReplyTo is { } replyTo)
        {
            Header("Reply-To", MailHeader.Of(replyTo));
        }

        Header("To", mail.Content.To.ToString());
        Header("Subject", MailHeader.Unstructured(mail.Content.Subject, "Subject: ".Length));
        Header(
            "Date",
            mail.Date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)
        );
        Header("Message-ID", $"<{mail.Id}@{mail.IdDomain}>");
        if (mail.Content.Unsubscribe is { } unsubscribe)
        {
            Header(UnsubscribeLink.Header, unsubscribe);
            Header(UnsubscribeLink.PostHeader, UnsubscribeLink.OneClick);
        }

        Header("Auto-Submitted", "auto-generated"); // RFC 3834: out-of-office robots stay quiet
        Header("MIME-Version", "1.0");
        if (mail.Content.Html is null)
        {
            Part("text/plain", mail.Content.Text);
        }
        else
        {
            Alternatives(mail.Content.Text, mail.Content.Html);
        }

        return Encoding.ASCII.GetBytes(_written.ToString());
    }

    private void Alternatives(string text, string html)
    {
        // "=_" cannot occur in quoted-printable nor in base64, so no content holds the boundary.
        string boundary = $"=_{mail.Id}";
        Header("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        _written.Append("\r\n--").Append(boundary).Append("\r\n");
        Part("text/plain", text);
        _written.Append("\r\n--").Append(boundary).Append("\r\n");
        Part("text/html", html);
        _written.Append("\r\n--").Append(boundary).Append("--\r\n");
    }

    private void Part(string mediaType, string text)
    {
        var (encoding, encoded) = MailBody.Encode(text);
        Header("Content-Type", $"{mediaType}; charset=utf-8");
        Header("Content-Transfer-Encoding", encoding);
        _written.Append("\r\n").Append(encoded);
    }

    private void Header(string name, string value) => _written.Append(name).Append(": ").Append(value).Append("\r\n");
}
