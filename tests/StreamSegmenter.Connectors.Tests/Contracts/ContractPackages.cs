using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Contracts;

/// <summary>Prism and a validator of JSON schemas, installed once, when a test asks for them.</summary>
public sealed class ContractPackages : IAsyncLifetime
{
    private readonly Lazy<Task<NodePackages>> _packages = new(() => NodePackages.InstallAsync("Contracts", "Node"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_packages.IsValueCreated)
        {
            (await _packages.Value).Dispose();
        }
    }

    internal Task<NodePackages> GetAsync() => _packages.Value;
}
