using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Conformance;

/// <summary>
/// Files of the reference implementation against trees that were derived from the specification and from its own
/// tests (lightbend-expected), and their errors.
/// </summary>
public sealed class LightbendFilesTests
{
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["HOME"] = "/home/somebody",
        ["PATH"] = "/bin",
        ["SECRET_A"] = "A",
        ["SECRET_B"] = "B",
        ["SECRET_C"] = "C",
    };

    private static readonly HoconReaderOptions Options = new()
    {
        Files = new FolderFiles(TestData.Lightbend("")),
        Environment = static name => Variables.GetValueOrDefault(name),
    };

    [Theory]
    [InlineData("test01.conf")]
    [InlineData("test02.conf")]
    [InlineData("test03.conf")]
    [InlineData("test04.conf")]
    [InlineData("test05.conf")]
    [InlineData("test06.conf")]
    [InlineData("test09.conf")]
    [InlineData("test10.conf")]
    [InlineData("test11.conf")]
    [InlineData("test12.conf")]
    [InlineData("test13-reference-with-substitutions.conf")]
    [InlineData("test13-application-override-substitutions.conf")]
    [InlineData("a_1.conf")]
    [InlineData("b_2.conf")]
    [InlineData("bom.conf")]
    [InlineData("file-include.conf")]
    [InlineData("include-from-list.conf")]
    [InlineData("validate-invalid.conf")]
    [InlineData("validate-reference.conf")]
    [Covers(
        "config/test01.json",
        "config/test01.properties",
        "config/test03-included.conf",
        "config/subdir/foo.conf",
        "config/subdir/bar.conf",
        "config/subdir/baz.conf",
        "config/subdir/bar-file.conf"
    )]
    public void A_file_resolves_to_the_expected_tree(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var expected = JsonTree.Read(
            File.ReadAllText(Path.Combine(TestData.Root, "lightbend-expected", $"{name}.json"))
        );

        Load(file).Resolve().ShouldBeTree(expected);
    }

    [Fact]
    [Covers("config/env-variables.conf")]
    public void Optional_environment_variables_override_earlier_values()
    {
        Load("env-variables.conf").Resolve().ShouldBeTree("""{ "secret": "A", "secrets": ["B", "C"] }""");
    }

    [Fact]
    public void Optional_environment_variables_that_are_not_set_leave_earlier_values()
    {
        var options = Options with { Environment = static _ => null };

        var root = HoconDocument.Load("env-variables.conf", options).Resolve();

        root.ShouldBeTree("""{ "secret": "a", "secrets": [] }""");
    }

    [Fact]
    public void The_application_overrides_what_the_reference_substitutes()
    {
        var reference = Load("test13-reference-with-substitutions.conf");
        var application = Load("test13-application-override-substitutions.conf");

        var root = application.WithFallback(reference).Resolve();

        root.ShouldBeTree("""{ "a": "overridden", "b": "overridden" }""");
    }

    [Fact]
    [Covers("config/test13-reference-bad-substitutions.conf")]
    public void A_reference_with_an_undefined_substitution_needs_the_application()
    {
        var reference = Load("test13-reference-bad-substitutions.conf");
        var application = Load("test13-application-override-substitutions.conf");

        application.WithFallback(reference).Resolve().ShouldBeTree("""{ "a": "overridden", "b": "overridden" }""");
        Should
            .Throw<HoconException>(() => reference.Resolve())
            .Message.ShouldBe(
                "test13-reference-bad-substitutions.conf:1:5: the substitution ${b} is not defined, neither here nor "
                    + "in the environment; define it, or write ${?b} if it may be absent"
            );
    }

    [Fact]
    [Covers("config/cycle.conf")]
    public void A_file_that_includes_itself_is_an_error()
    {
        Should
            .Throw<HoconException>(() => Load("cycle.conf"))
            .Message.ShouldBe("cycle.conf:1:1: the file includes itself: cycle.conf → cycle.conf");
    }

    [Fact]
    public void A_quick_look_at_the_akka_reference_finds_what_its_authors_look_for()
    {
        var root = Load("test04.conf").ResolveObject();

        root.Find(HoconPath.Parse("akka.version")).ShouldBe(Tree.String("2.0-SNAPSHOT"));
        root.Find(HoconPath.Parse("akka.event-handler-dispatcher.max-pool-size")).ShouldBe(Tree.Number("8"));
        root.Find(HoconPath.Parse("akka.actor.deployment.\"/app/service-ping\".router"))
            .ShouldBe(Tree.String("round-robin"));
    }

    [Fact]
    public void Every_value_of_a_document_with_includes_knows_its_file()
    {
        var root = Load("test03.conf").ResolveObject();

        root.Find(HoconPath.Parse("test01.fromJsonA"))!.Origin.ToString().ShouldBe("test01.json:3:19");
        root.Find(HoconPath.Parse("test01.fromProps.one"))!.Origin.ToString().ShouldBe("test01.properties:3");
        root.Find(HoconPath.Parse("test01.ints.fortyTwo"))!.Origin.ToString().ShouldBe("test01.conf:3:22");
        root.Find(HoconPath.Parse("test01.ints.fortyTwoAgain"))!.Origin.ToString().ShouldBe("test01.conf:3:22");
        root.Find(HoconPath.Parse("test01.system.home"))!.Origin.ToString().ShouldBe("environment variable HOME");
        root.Find(HoconPath.Parse("bar"))!.Origin.ToString().ShouldBe("test03.conf:30:9");
    }

    private static HoconDocument Load(string file) => HoconDocument.Load(file, Options);
}
