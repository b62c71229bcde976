using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests;

public sealed class LanguageTests
{
    private static readonly Dictionary<string, LanguageCase> Facts = LanguageCase
        .All()
        .ToDictionary(static fact => fact.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Facts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_language_is_as_the_cases_say(string name)
    {
        var (_, text, json, error) = Facts[name];

        if (json is not null)
        {
            HoconDocument.Parse(text, "t.conf").Resolve().ShouldBeTree(json);
        }
        else
        {
            Should.Throw<HoconException>(() => HoconDocument.Parse(text, "t.conf").Resolve()).Message.ShouldBe(error);
        }
    }
}
