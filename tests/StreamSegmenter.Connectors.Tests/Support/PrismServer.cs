namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// A server that Prism makes of a vendor's API description: it refuses with 4xx what the description does not allow.
/// </summary>
internal sealed class PrismServer() : LocalServer("prism")
{
    public string Url => $"http://localhost:{Port}";

    public static Task<PrismServer> StartAsync(NodePackages packages, string description) =>
        StartAsync(new PrismServer(), server => server.RunAsync(packages, description));

    private async Task RunAsync(NodePackages packages, string description)
    {
        string program = Path.Combine(packages.Path, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        await RunAsync(user: null, "node", [program, "mock", "-h", "127.0.0.1", "-p", Text(Port), description]);
        await WaitForPortAsync();
    }
}
