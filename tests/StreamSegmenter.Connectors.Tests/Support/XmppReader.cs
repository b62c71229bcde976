using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>Logs in to a chat server by XMPP (RFC 6120), as somebody who comes online, and reads one message.</summary>
internal static class XmppReader
{
    private const string Opening =
        "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams'>";

    public static async Task<string> ReadMessageAsync(int port, string user, string password)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, patience.Token);
        await using var stream = client.GetStream();
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        (string Say, string Until)[] dialogue =
        [
            (Opening, "</stream:features>"),
            ($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{login}</auth>", "<success"),
            (Opening, "</stream:features>"),
            ("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"),
            ("<presence/>", "</message>"),
        ];
        string heard = "";
        foreach (var (say, until) in dialogue)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(say), patience.Token);
            heard = await HearAsync(stream, until, patience.Token);
        }

        int start = heard.IndexOf("<message", StringComparison.Ordinal);
        int end = heard.IndexOf("</message>", StringComparison.Ordinal) + "</message>".Length;
        var message = XElement.Parse(heard[start..end]);
        return message.Elements().Single(element => element.Name.LocalName == "body").Value;
    }

    private static async Task<string> HearAsync(NetworkStream stream, string until, CancellationToken cancellationToken)
    {
        using var heard = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (!Encoding.UTF8.GetString(heard.ToArray()).Contains(until, StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            read.ShouldBeGreaterThan(0, $"the server hung up before {until}");
            heard.Write(buffer.AsSpan(0, read));
        }

        return Encoding.UTF8.GetString(heard.ToArray());
    }
}
