namespace StreamSegmenter.Conformance.Support;

/// <summary>Legal names that careless code mixes up, cuts or refuses. All differ.</summary>
public static class NaughtyText
{
    public static readonly IReadOnlyList<string> Names =
    [
        "a",
        "A",
        " a",
        "a ",
        "a\0",
        "a\0b",
        "\0",
        "\n",
        "'; DROP TABLE customer; --",
        "\"quoted\"",
        "100%_",
        "\\",
        "é",
        "e\u0301",
        "ß",
        "ss",
        "İ",
        "i",
        "日本語",
        "\uFFFD",
        "\uE000",
        "\U0001F600",
        "\U00010000",
        "\u202Eabc",
        "\uFEFF",
        "null",
        "0",
        "00",
        "1e3",
        new('x', 5_000),
    ];
}
