using System.Text.Json;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Tells supervisors whether the process lives, and whether it does its work.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, ShardGroup shards)
    {
        endpoints.MapMethods("/healthz/live", [HttpMethods.Get], http => http.Response.WriteAsync("alive\n"));
        endpoints.MapMethods("/healthz/ready", [HttpMethods.Get], http => AnswerReadyAsync(http.Response, shards));
    }

    /// <summary>
    /// 200 once the node knows its shards and each has caught up with what its log held when it came; 503 before, and
    /// when one has stopped.
    /// </summary>
    private static async Task AnswerReadyAsync(HttpResponse response, ShardGroup shards)
    {
        bool failed = shards.ShardFailure.IsFaulted || shards.AssignmentFailure.IsFaulted;
        IReadOnlyList<ShardLag> lagging = shards.Lagging;
        bool ready = !failed && shards.IsAssigned && lagging.Count == 0;
        response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        await using Utf8JsonWriter json = new(response.BodyWriter);
        json.WriteStartObject();
        json.WriteBoolean("ready", ready);
        if (failed)
        {
            json.WriteString("error", "a shard has stopped; see the log");
        }
        else if (ready)
        {
            json.WriteNumber("behind", shards.Lag);
        }
        else
        {
            Write(json, lagging);
        }

        json.WriteEndObject();
        await json.FlushAsync();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ShardLag> lagging)
    {
        json.WriteStartArray("shards");
        foreach (ShardLag lag in lagging)
        {
            json.WriteStartObject();
            json.WriteNumber("shard", lag.Shard.Value);
            json.WriteString("state", lag.IsFollowing ? "catching up" : "being taken over");
            if (lag.Records is { } behind)
            {
                json.WriteNumber("behind", behind);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
