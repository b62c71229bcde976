using System.Text;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Merging;

public sealed class IncludeTests
{
    private readonly MemoryFiles _files = [];

    [Fact]
    public void A_relative_include_starts_beside_its_includer()
    {
        _files["conf/main.conf"] = "include \"parts/a.conf\"";
        _files["conf/parts/a.conf"] = "a = 1, include \"../b.conf\"";
        _files["conf/b.conf"] = "b = 2";

        Load("conf/main.conf").ShouldBeTree("""{ "a": 1, "b": 2 }""");
    }

    [Fact]
    public void An_absolute_include_stays_absolute()
    {
        _files["conf/main.conf"] = "include \"/etc/a.conf\"";
        _files["/etc/a.conf"] = "a = 1";

        Load("conf/main.conf").ShouldBeTree("""{ "a": 1 }""");
    }

    [Fact]
    public void A_name_in_file_is_taken_as_it_is()
    {
        _files["conf/main.conf"] = "include file(\"a.conf\"), include required( file( \"b.conf\" ) )";
        _files["conf/a.conf"] = "a = beside";
        _files["b.conf"] = "b = as it is";

        Load("conf/main.conf").ShouldBeTree("""{ "b": "as it is" }""");
    }

    [Fact]
    public void A_later_include_wins_and_what_follows_wins_over_it()
    {
        _files["main.conf"] = "x = 0, y = 0, z = 0\ninclude \"a.conf\"\ninclude \"b.conf\"\nz = 9";
        _files["a.conf"] = "x = 1, y = 1, z = 1";
        _files["b.conf"] = "y = 2, z = 2";

        Load("main.conf").ShouldBeTree("""{ "x": 1, "y": 2, "z": 9 }""");
    }

    [Fact]
    public void A_name_without_extension_merges_properties_then_json_then_conf()
    {
        _files["main.conf"] = "include \"a\"";
        _files["a.properties"] = "p=1\nj=1\nc=1";
        _files["a.json"] = """{ "j": 2, "c": 2 }""";
        _files["a.conf"] = "c = 3";

        Load("main.conf").ShouldBeTree("""{ "p": "1", "j": 2, "c": 3 }""");
    }

    [Fact]
    public void A_missing_include_is_ignored_unless_required()
    {
        _files["main.conf"] = "a = 1, include \"no.conf\", include \"no\"";
        _files["strict.conf"] = "a = 1\ninclude required(\"no\")";

        Load("main.conf").ShouldBeTree("""{ "a": 1 }""");
        Error("strict.conf").ShouldBe("strict.conf:2:1: the required file no does not exist");
    }

    [Fact]
    public void Substitutions_of_an_included_file_start_at_its_place_and_fall_back_to_the_root()
    {
        _files["main.conf"] = "outer { include \"a.conf\" }, outer.x = 42, root = r";
        _files["a.conf"] = "x = 10, y = ${x}, z = ${root}, inner { include \"b.conf\" }";
        _files["b.conf"] = "p = ${q}, q = 1, s = ${x}, t = ${root}";

        Load("main.conf")
            .ShouldBeTree(
                """
                {
                  "outer": { "x": 42, "y": 42, "z": "r", "inner": { "p": 1, "q": 1, "s": 42, "t": "r" } },
                  "root": "r"
                }
                """
            );
    }

    [Fact]
    public void Substitutions_of_a_file_included_inside_an_array_start_at_the_element()
    {
        _files["main.conf"] = "root = r, list = [ { include \"a.conf\" }, { include \"a.conf\", x = 2 } ]";
        _files["a.conf"] = "x = 1, y = ${x}, z = ${root}, l += ${x}";

        Load("main.conf")
            .ShouldBeTree(
                """
                {
                  "root": "r",
                  "list": [ { "x": 1, "y": 1, "z": "r", "l": [1] }, { "x": 2, "y": 2, "z": "r", "l": [2] } ]
                }
                """
            );
    }

    [Fact]
    public void A_file_may_be_included_twice_but_not_in_itself()
    {
        _files["main.conf"] = "a { include \"x.conf\" }, b { include \"x.conf\" }";
        _files["x.conf"] = "v = 1";
        _files["conf/p.conf"] = "include \"sub/q.conf\"";
        _files["conf/sub/q.conf"] = "\n  include \"../p.conf\"";

        Load("main.conf").ShouldBeTree("""{ "a": { "v": 1 }, "b": { "v": 1 } }""");
        Error("conf/p.conf")
            .ShouldBe("conf/sub/q.conf:2:3: the file includes itself: conf/p.conf → conf/sub/q.conf → conf/p.conf");
    }

    [Fact]
    public void An_included_file_must_hold_an_object()
    {
        _files["main.conf"] = "include \"a.conf\"";
        _files["a.conf"] = "[ 1 ]";

        Error("main.conf")
            .ShouldBe("main.conf:1:1: the included file a.conf holds an array; only an object can be included");
    }

    [Theory]
    [InlineData(
        "{ \"a\": 1,\n  \"b\": oops }",
        "a.json:2:8: the file is not valid JSON; correct it or rename it to .conf"
    )]
    [InlineData("a = 1", "a.json:1:1: the file is not valid JSON; correct it or rename it to .conf")]
    [InlineData("{} {}", "a.json:1:4: the file is not valid JSON; correct it or rename it to .conf")]
    [InlineData("", "a.json:1:1: the file is not valid JSON; correct it or rename it to .conf")]
    public void A_json_file_must_be_json(string text, string message)
    {
        _files["a.json"] = text;

        Error("a.json").ShouldBe(message);
    }

    [Fact]
    public void A_file_must_be_utf_8()
    {
        var options = new HoconReaderOptions { Files = new OneFile([(byte)'a', (byte)'=', 0xFF]) };

        Should
            .Throw<HoconException>(() => HoconDocument.Load("a.conf", options))
            .Message.ShouldBe("a.conf: the file is not valid UTF-8; save it as UTF-8");
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        var options = new HoconReaderOptions { Files = new OneFile(content: null) };

        Should
            .Throw<HoconException>(() => HoconDocument.Load("a.conf", options))
            .Message.ShouldBe("a.conf: the file cannot be read: disk on fire");
    }

    [Fact]
    public void A_file_longer_than_the_limit_is_refused()
    {
        var limits = HoconLimits.Default with { MaxFileBytes = 100 };
        var options = new HoconReaderOptions
        {
            Files = new OneFile(Encoding.UTF8.GetBytes(new string(' ', 101))),
            Limits = limits,
        };

        Should
            .Throw<HoconException>(() => HoconDocument.Load("a.conf", options))
            .Message.ShouldBe("a.conf: the file is longer than 100 bytes; split it into includes");
    }

    [Fact]
    public void The_files_of_a_document_are_counted()
    {
        _files["main.conf"] = "a { include \"x.conf\" }, b { include \"x.conf\" }";
        _files["x.conf"] = "";
        var limits = HoconLimits.Default with { MaxFiles = 2 };

        Should
            .Throw<HoconException>(() =>
                HoconDocument.Load("main.conf", new HoconReaderOptions { Files = _files, Limits = limits })
            )
            .Message.ShouldBe("x.conf: more than 2 files are included");
    }

    [Fact]
    public void Includes_are_not_nested_without_end()
    {
        for (var i = 0; i < 40; i++)
        {
            _files[$"{i}.conf"] = $"include \"{i + 1}.conf\"";
        }

        Error("0.conf").ShouldBe("31.conf:1:1: includes are nested more than 32 deep");
    }

    private Values.HoconValue Load(string path) =>
        HoconDocument.Load(path, new HoconReaderOptions { Files = _files }).Resolve();

    private string Error(string path) => Should.Throw<HoconException>(() => Load(path)).Message;

    /// <summary>Whatever the name: the same bytes, or an error.</summary>
    private sealed class OneFile(byte[]? content) : IHoconFiles
    {
        public Stream OpenRead(string path) =>
            content is null ? throw new IOException("disk on fire") : new MemoryStream(content);
    }
}
