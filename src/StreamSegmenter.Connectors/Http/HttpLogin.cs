using System.Net.Http.Headers;
using System.Text;

namespace StreamSegmenter.Connectors.Http;

/// <summary>Writes the Authorization header.</summary>
internal static class HttpLogin
{
    public static AuthenticationHeaderValue Basic(string username, Secret? password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password?.Reveal()}")));

    public static AuthenticationHeaderValue Bearer(Secret token) => new("Bearer", token.Reveal());
}
