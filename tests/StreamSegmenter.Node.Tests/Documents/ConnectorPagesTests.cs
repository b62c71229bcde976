using System.Text.RegularExpressions;
using StreamSegmenter.Connectors;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Tests.Documents;

/// <summary>What docs/connectors offers to be copied is accepted as it stands there.</summary>
public sealed partial class ConnectorPagesTests
{
    // What a page leaves to other pages: templates by name, a cluster, and files that hold secrets.
    private const string Around = """
        templates {
          vip-outreach { subject = s, text = t, html = "<p>h</p>", chat = c, markdown = m }
          welcome { subject = s, text = t }
        }
        kafka { bootstrap-servers = "kafka:9092", client { security.protocol = SSL } }
        """;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "docs", "connectors");

    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Folder, "*.md").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_shows_is_accepted(string page)
    {
        string text = File.ReadAllText(Path.Combine(Folder, page));

        foreach (Match block in HoconBlock().Matches(text))
        {
            string shown = block.Groups["text"].Value;

            var result = ConfigurationLoader.Load(
                new()
                {
                    File = page,
                    Variables = new Dictionary<string, string>(StringComparer.Ordinal),
                    Reader = new() { Files = new Shown($"{Around}\n{shown}"), Environment = ValueOf },
                }
            );

            result.ShouldBeOfType<ConfigurationResult.Loaded>($"{page}:\n{shown}\n{result}");
        }
    }

    [Fact]
    public void Every_type_has_a_page_that_shows_it()
    {
        string all = string.Concat(Directory.GetFiles(Folder, "*.md").Select(path => File.ReadAllText(path)));

        ConnectorFactory.Types.Where(type => !all.Contains($"type = {type}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string? ValueOf(string variable) =>
        variable switch
        {
            "HOOK_SECRET" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            _ when variable.EndsWith("_URL", StringComparison.Ordinal) => "https://hooks.example.com/services/x",
            "CHAT_LOGIN" => "Bearer x",
            _ => "x",
        };

    [GeneratedRegex("```hocon\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HoconBlock();

    private sealed class Shown(string text) : IHoconFiles
    {
        public Stream? OpenRead(string path) =>
            new MemoryStream(
                System.Text.Encoding.UTF8.GetBytes(path.EndsWith(".md", StringComparison.Ordinal) ? text : "secret")
            );
    }
}
