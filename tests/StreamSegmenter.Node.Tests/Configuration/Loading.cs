using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>Loads configurations from memory.</summary>
internal static class Loading
{
    public static ConfigurationResult Load(
        string text,
        ConfigurationPurpose purpose = ConfigurationPurpose.Node,
        string[]? overrides = null,
        Dictionary<string, string>? variables = null
    ) =>
        ConfigurationLoader.Load(
            new()
            {
                File = "demo.conf",
                Purpose = purpose,
                Overrides = overrides ?? [],
                Variables = variables ?? [],
                Reader = Reader(text),
            }
        );

    /// <summary>The text as demo.conf; nothing else, and no environment.</summary>
    public static HoconReaderOptions Reader(string text) =>
        HoconReaderOptions.Isolated with
        {
            Files = new OneFile(text),
        };

    public static NodeConfiguration Loaded(
        string text,
        ConfigurationPurpose purpose = ConfigurationPurpose.Node,
        string[]? overrides = null,
        Dictionary<string, string>? variables = null
    ) =>
        Load(text, purpose, overrides, variables) switch
        {
            ConfigurationResult.Loaded loaded => loaded.Configuration,
            var refused => throw new ShouldAssertException(refused.ToString()),
        };

    public static string[] Problems(ConfigurationResult result) =>
        [.. result.ShouldBeOfType<ConfigurationResult.Refused>().Problems.Select(static problem => problem.ToString())];

    private sealed class OneFile(string text) : IHoconFiles
    {
        public Stream? OpenRead(string path) =>
            path == "demo.conf" ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) : null;
    }
}
