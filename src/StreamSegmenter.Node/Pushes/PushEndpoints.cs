using System.Text.Json;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Pushes;

/// <summary>
/// How operators look at pushes, and what they do about those that came to no good end, at <c>/v1/pushes</c>: GET
/// lists them, GET of an id shows one and PUT edits it; POST of <c>ID/replay</c> and <c>ID/discard</c> moves one, POST
/// of <c>replay</c> and <c>discard</c> those that a filter names.
/// </summary>
/// <param name="isServed">Whether there is a relay for the connector, which may be sending what is pending.</param>
/// <param name="check">Null where any options will do.</param>
internal sealed class PushEndpoints(
    ApiAnswers api,
    IPushAdministration pushes,
    PushEditCheck? check,
    Func<ConnectorName, bool> isServed,
    OutboxSignal signal,
    TimeProvider time
)
{
    private const string Path = "/v1/pushes";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        api.Map(endpoints, HttpMethods.Get, Path, ListAsync);
        api.Map(endpoints, HttpMethods.Get, Path + "/{id}", ShowAsync);
        api.Map(endpoints, HttpMethods.Put, Path + "/{id}", EditAsync);
        api.Map(endpoints, HttpMethods.Post, Path + "/{id}/replay", ReplayOneAsync);
        api.Map(endpoints, HttpMethods.Post, Path + "/{id}/discard", DiscardOneAsync);
        api.Map(endpoints, HttpMethods.Post, Path + "/replay", ReplaySomeAsync);
        api.Map(endpoints, HttpMethods.Post, Path + "/discard", DiscardSomeAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await ReadQueryAsync(http, PushQuery.All) is not { } query)
        {
            return;
        }

        PushPage page = await SearchAsync(http, query);
        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("pushes");
                foreach (StoredPush push in page.Pushes)
                {
                    PushJson.Write(json, push, history: null);
                }

                json.WriteEndArray();
                WriteNext(json, page);
                json.WriteEndObject();
            }
        );
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (await pushes.FindAsync(IdOf(http), http.RequestAborted) is not { } found)
        {
            await RefuseUnknownAsync(http);
            return;
        }

        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json => PushJson.Write(json, found.Push, found.Decisions)
        );
    }

    private async Task EditAsync(HttpContext http)
    {
        PushId id = IdOf(http);
        using JsonDocument? body = await ReadBodyAsync(http);
        if (await pushes.FindAsync(id, http.RequestAborted) is not { } found)
        {
            await RefuseUnknownAsync(http);
            return;
        }

        (byte[]? content, string? mistake) = PushJson.ReadEdit(found.Push, body?.RootElement, check);
        if (content is null)
        {
            await ApiAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, mistake!);
            return;
        }

        bool edited = await pushes.EditAsync(id, content, CancellationToken.None);
        await AnswerMovedAsync(http, "edited", edited ? 1 : 0);
    }

    private async Task ReplayOneAsync(HttpContext http) =>
        await AnswerMovedAsync(http, "replayed", await ReplayAsync([IdOf(http)]));

    private async Task DiscardOneAsync(HttpContext http)
    {
        PushId id = IdOf(http);
        int discarded = await DiscardAsync([id]);
        if (
            discarded == 0
            && await pushes.FindAsync(id, http.RequestAborted) is { Push: { State: PushState.Pending } waiting }
        )
        {
            if (isServed(waiting.Push.Connector))
            {
                await ApiAnswers.RefuseAsync(
                    http,
                    StatusCodes.Status409Conflict,
                    $"the push is pending, and {waiting.Push.Connector} may be sending it"
                );
                return;
            }

            discarded = await DiscardWaitingAsync([id]);
        }

        await AnswerMovedAsync(http, "discarded", discarded);
    }

    private async Task ReplaySomeAsync(HttpContext http)
    {
        if (await ReadQueryAsync(http, PushQuery.Undecided) is { } query)
        {
            await MoveSomeAsync(http, query, ReplayAsync, "replayed");
        }
    }

    private async Task DiscardSomeAsync(HttpContext http)
    {
        if (await ReadQueryAsync(http, PushQuery.Discardable) is not { } query)
        {
            return;
        }

        bool waits = query.Filter.State == PushState.Pending;
        if (waits && (query.Filter.Connector is not { } name || isServed(new(name))))
        {
            await ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status409Conflict,
                "pending pushes may be under way: name a connector that the configuration does not have"
            );
            return;
        }

        await MoveSomeAsync(http, query, waits ? DiscardWaitingAsync : DiscardAsync, "discarded");
    }

    private async Task MoveSomeAsync(
        HttpContext http,
        PushQuery query,
        Func<IReadOnlyList<PushId>, Task<int>> move,
        string what
    )
    {
        PushPage page = await SearchAsync(http, query);
        int moved = page.Pushes.Count == 0 ? 0 : await move([.. page.Pushes.Select(static push => push.Push.Id)]);
        await ApiAnswers.AnswerAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteNumber(what, moved);
                WriteNext(json, page);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>What the request asks for; null when it was refused.</summary>
    private static async Task<PushQuery?> ReadQueryAsync(HttpContext http, IReadOnlyList<PushState> states)
    {
        (PushQuery? query, string? mistake) = PushQuery.Read(http.Request.Query, states);
        if (query is null)
        {
            await ApiAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, mistake!);
        }

        return query;
    }

    private async Task<PushPage> SearchAsync(HttpContext http, PushQuery query) =>
        await pushes.SearchAsync(query.Filter, query.After, query.Limit, http.RequestAborted);

    private static void WriteNext(Utf8JsonWriter json, PushPage page) =>
        json.WriteString("next", page.Next is { } next ? PushJson.Cursor(next) : null);

    private async Task<int> ReplayAsync(IReadOnlyList<PushId> ids)
    {
        IReadOnlyList<StoredPush> replayed = await pushes.ReplayAsync(ids, Now(), CancellationToken.None);
        foreach (
            (ConnectorName connector, ShardId shard) in replayed
                .Select(static push => (push.Push.Connector, push.Place.Shard))
                .Distinct()
        )
        {
            signal.RaiseReplayed(connector, shard);
        }

        return replayed.Count;
    }

    private async Task<int> DiscardAsync(IReadOnlyList<PushId> ids) =>
        await pushes.DiscardAsync(ids, Now(), CancellationToken.None);

    private async Task<int> DiscardWaitingAsync(IReadOnlyList<PushId> ids) =>
        await pushes.DiscardWaitingAsync(ids, Now(), CancellationToken.None);

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());

    private static PushId IdOf(HttpContext http) => new((string)http.Request.RouteValues["id"]!);

    private static async Task<JsonDocument?> ReadBodyAsync(HttpContext http)
    {
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseUnknownAsync(HttpContext http) =>
        ApiAnswers.RefuseAsync(http, StatusCodes.Status404NotFound, "there is no push of this id");

    // Nothing was done to a push that may be under way, or that came to a good end.
    private static Task AnswerMovedAsync(HttpContext http, string what, int count) =>
        count == 0
            ? ApiAnswers.RefuseAsync(
                http,
                StatusCodes.Status409Conflict,
                "there is no push of this id that is dead, unknown or held"
            )
            : ApiAnswers.AnswerAsync(
                http,
                StatusCodes.Status200OK,
                json =>
                {
                    json.WriteStartObject();
                    json.WriteNumber(what, count);
                    json.WriteEndObject();
                }
            );
}
