using System.Text.Json;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>What customers call themselves.</summary>
internal static class NaughtyStrings
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. JsonSerializer.Deserialize<string[]>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "naughty-strings.json"))
        )!,
        "a\r\nBcc: all@example.com\r\n\r\nbody",
        "\r\n.\r\nMAIL FROM:<x@example.com>\r\n",
        "<!channel> <!everyone|x> @everyone @here @channel @all",
        "\u202Eabc\u202C \u2066def\u2069 שלום مرحبا",
        "👨‍👩‍👧‍👦🏳️‍🌈🇺🇳",
        new string('x', 40_000),
        string.Concat(Enumerable.Repeat("é ", 20_000)),
        "=?utf-8?Q?not_an_encoded_word?=",
    ];
}
