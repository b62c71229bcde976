using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Ingest;

/// <summary>The addresses that Segment's and RudderStack's clients post to.</summary>
public static class IngestEndpoints
{
    private static readonly (string Path, EventType? Type)[] _routes =
    [
        ("/v1/track", EventType.Track),
        ("/v1/t", EventType.Track),
        ("/v1/identify", EventType.Identify),
        ("/v1/i", EventType.Identify),
        ("/v1/page", EventType.Page),
        ("/v1/p", EventType.Page),
        ("/v1/screen", EventType.Screen),
        ("/v1/s", EventType.Screen),
        ("/v1/group", EventType.Group),
        ("/v1/g", EventType.Group),
        ("/v1/alias", EventType.Alias),
        ("/v1/a", EventType.Alias),
        ("/v1/batch", null),
        ("/v1/b", null),
        ("/v1/import", null),
    ];

    /// <summary>Maps all of them, for POST and for the preflight of browsers; other methods get 405.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, IngestHandler handler)
    {
        foreach ((string path, EventType? type) in _routes)
        {
            endpoints.MapMethods(path, [HttpMethods.Post], http => handler.HandleAsync(http, type));
            endpoints.MapMethods(path, [HttpMethods.Options], handler.HandlePreflight);
        }
    }
}
