using System.Globalization;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Tells supervisors whether the process lives, and whether it does its work.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, ShardGroup shards)
    {
        endpoints.MapMethods("/healthz/live", [HttpMethods.Get], http => http.Response.WriteAsync("alive\n"));
        endpoints.MapMethods(
            "/healthz/ready",
            [HttpMethods.Get],
            http =>
            {
                bool failed = shards.Failure.IsFaulted;
                http.Response.StatusCode = failed ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
                string answer = failed
                    ? "a shard has stopped; see the log\n"
                    : string.Create(CultureInfo.InvariantCulture, $"ready, {shards.Lag} records behind\n");
                return http.Response.WriteAsync(answer);
            }
        );
    }
}
