using System.Globalization;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>The smallest pieces of random rules.</summary>
internal sealed class RandomText(Random random, CaseDurations durations)
{
    public int Next(int below) => random.Next(below);

    public int Next(int from, int below) => random.Next(from, below);

    public string Pick(params string[] choices) => choices[random.Next(choices.Length)];

    public string Duration() => CaseDurations.Write(durations.Any(random));

    public string Relation() => Pick("=", "!=", "<", "<=", ">", ">=", ">=", ">");

    public string SmallNumber() => Pick("0", "1", "2", "3", "10", "20.5", "99.99", "100", "-5", "0.1", "1k", "1_0");

    public string PlanLiteral() => Pick("\"free\"", "\"pro\"", "\"\"");

    public string PlanList() => Pick("(\"free\", \"pro\")", "[\"pro\"]", "(\"free\", \"\", 7)", "[1, 2]");

    public string CategoryLiteral() => Pick("\"shoes\"", "\"hats\"", "\"Zed\"");

    public string Factor() => Pick("2", "0.5", "3", "1.5", "-1").ToString(CultureInfo.InvariantCulture);
}
