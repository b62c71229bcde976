using StreamSegmenter.EndToEnd.Tests.Support;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.EndToEnd.Tests;

/// <summary>What the documents show works as it is written.</summary>
public sealed class DocumentTests
{
    private static readonly Dictionary<string, string> Secrets = new(StringComparer.Ordinal)
    {
        ["SLACK_WEBHOOK_URL"] = "https://hooks.example.com/services/1",
        ["ZENDESK_API_TOKEN"] = "token",
        ["SMTP_PASSWORD"] = "password",
        ["SEGMENTER_PG_PASSWORD"] = "password",
        ["SEGMENTER_API_SECRET"] = "0123456789abcdef",
        ["WEBHOOK_SECRET"] = "whsec_" + Convert.ToBase64String(new byte[32]),
    };

    public static TheoryData<string> Rules => [.. Document.Examples("rules.md", "rule")];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_of_the_reference_compiles(string rule)
    {
        var result = RuleSet.Compile(
            [Segment("shown", rule), Segment("high-value", "exists(any)")],
            RuleSetOptions.Default
        );

        var errors = result is RuleSetResult.Refused refused ? refused.Errors : [];
        errors.Select(error => error.Error.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_pieces_of_configuration_in_the_readme_are_a_valid_whole()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, Document.Examples("README.md", "hocon"));

            var result = await Segctl.RunAsync(Secrets, "validate", "--config", file);

            result.ExitCode.ShouldBe(0, result.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SegmentDefinition Segment(string name, string rule) => new(new(name), "", rule, TimeSpan.Zero);
}
