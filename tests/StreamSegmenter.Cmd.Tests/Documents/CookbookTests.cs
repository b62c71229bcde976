using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Documents;

/// <summary>The cookbook cannot rot: every segment in it compiles and does what its example says.</summary>
public sealed class CookbookTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, Recipe> Recipes = ReadRecipes();

    private readonly Workplace _workplace = new();

    public static TheoryData<string> Names => [.. Recipes.Keys];

    public void Dispose() => _workplace.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_segment_does_what_its_example_says(string name)
    {
        // Recipes read each other, so the configuration holds them all.
        _workplace.Write("cookbook.conf", string.Join('\n', Recipes.Values.Select(static recipe => recipe.Segment)));
        var cases = _workplace.Write(
            "recipe.cases.conf",
            $"config = \"cookbook.conf\"\nsegment = {name}\n{Recipes[name].Cases}"
        );

        var answer = await SegctlRun.InProcessAsync(default, "test", cases);

        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
    }

    [Fact]
    public void There_is_one_for_everybody() => Recipes.Count.ShouldBeGreaterThanOrEqualTo(25);

    private static Dictionary<string, Recipe> ReadRecipes() =>
        Document
            .Blocks("cookbook.md", "hocon")
            .Chunk(2)
            .ToDictionary(
                static pair => pair[0].Split('.', ' ')[1],
                static pair => new Recipe(pair[0], pair[1]),
                StringComparer.Ordinal
            );

    /// <param name="Segment">The first block under a heading.</param>
    /// <param name="Cases">The second.</param>
    private sealed record Recipe(string Segment, string Cases);
}
