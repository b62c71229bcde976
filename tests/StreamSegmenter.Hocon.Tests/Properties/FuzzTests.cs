using System.Text;
using StreamSegmenter.Hocon.Files;
using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Properties;

/// <summary>Whatever the bytes, the reader ends with a tree or a <see cref="HoconException"/>.</summary>
public sealed class FuzzTests
{
    private const string Alphabet = "ab.1-e+ \n\t{}[]:=,#/\"\\$?u0\u00A0\uFEFFé";

    private static readonly string[] Words =
    [
        "${a}",
        "${?a.b}",
        "a",
        "b",
        ".",
        " = ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\n",
        "+=",
        "\"x\"",
        "\"\"\"",
        "include ",
        "required(",
        "file(",
        ")",
        "\"fuzz\"",
        "true",
        "null",
        "1e5",
        " ",
        "//",
        "#",
    ];

    private static readonly HoconLimits Limits = HoconLimits.Default with { MaxResolutionSteps = 100_000 };

    [Theory]
    [InlineData("fuzz.conf")]
    [InlineData("fuzz.json")]
    [InlineData("fuzz.properties")]
    public void Random_bytes_do_no_harm(string file)
    {
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            Read(file, bytes);
        }
    }

    [Fact]
    public void Random_characters_of_the_language_do_no_harm()
    {
        var random = new Random(2);
        for (var i = 0; i < 10_000; i++)
        {
            var text = string.Create(random.Next(40), random, static (span, r) => r.GetItems(Alphabet, span));
            Read("fuzz.conf", Encoding.UTF8.GetBytes(text));
        }
    }

    [Fact]
    public void Random_words_of_the_language_do_no_harm()
    {
        var random = new Random(3);
        for (var i = 0; i < 10_000; i++)
        {
            var text = string.Concat(random.GetItems(Words, random.Next(30)));
            Read("fuzz.conf", Encoding.UTF8.GetBytes(text));
        }
    }

    [Fact]
    public void Damaged_documents_do_no_harm()
    {
        var random = new Random(4);
        foreach (var fact in LanguageCase.All())
        {
            for (var i = 0; i < 40; i++)
            {
                Read("fuzz.conf", Encoding.UTF8.GetBytes(Damage(fact.Text, random)));
            }
        }
    }

    private static string Damage(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && damaged.Length > 0; i--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0:
                    damaged.Remove(at, random.Next(1, Math.Min(6, damaged.Length - at + 1)));
                    break;
                case 1:
                    damaged.Insert(at, Words[random.Next(Words.Length)]);
                    break;
                default:
                    damaged[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
            }
        }
        return damaged.ToString();
    }

    private static void Read(string file, byte[] bytes)
    {
        var options = new HoconReaderOptions
        {
            Files = new OneFile(file, bytes),
            Environment = static name => name == "b" ? "variable" : null,
            Limits = Limits,
        };
        try
        {
            HoconDocument.Load(file, options).Resolve().ShouldNotBeNull();
        }
        catch (HoconException e)
        {
            e.Origin.Source.ShouldNotBeNullOrEmpty();
            e.Problem.ShouldNotBeNullOrEmpty();
        }
    }

    private sealed class OneFile(string name, byte[] bytes) : IHoconFiles
    {
        public Stream? OpenRead(string path) => path == name ? new MemoryStream(bytes) : null;
    }
}
