using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace StreamSegmenter.Node.Api;

/// <summary>Lets in who knows the secret of the API, and answers in JSON.</summary>
/// <param name="secret">Null: everybody is let in.</param>
internal sealed class ApiAnswers(BearerSecret? secret)
{
    /// <summary>Maps an address for one method.</summary>
    public void Map(IEndpointRouteBuilder endpoints, string method, string path, Func<HttpContext, Task> answer) =>
        endpoints.MapMethods(path, [method], http => GuardedAsync(http, answer));

    public static Task RefuseAsync(HttpContext http, int status, string error) =>
        AnswerAsync(
            http,
            status,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("error", error);
                json.WriteEndObject();
            }
        );

    public static async Task AnswerAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using Utf8JsonWriter json = new(http.Response.BodyWriter);
        write(json);
        await json.FlushAsync(http.RequestAborted);
    }

    private Task GuardedAsync(HttpContext http, Func<HttpContext, Task> answer)
    {
        if (secret is null || secret.Admits(http.Request.Headers.Authorization))
        {
            return answer(http);
        }

        http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return RefuseAsync(
            http,
            StatusCodes.Status401Unauthorized,
            "present the secret of this API: Authorization: Bearer SECRET"
        );
    }
}
